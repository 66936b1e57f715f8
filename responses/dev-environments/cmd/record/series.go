package main

import "github.com/prometheus/common/model"

type key struct{ namespace, environment string }

func (k key) String() string { return k.namespace + "/" + k.environment }

// series is what one environment's points of a day come to. There may be several series behind it, for example of two owners.
type series struct {
	labels        model.Metric // of the last point
	last          model.Time
	points        int
	above         int // points above zero
	sum, min, max float64
}
