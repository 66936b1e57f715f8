package main

import (
	"math"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = DescribeTable("a process ends by itself", func(bound time.Duration, after ...time.Duration) {
	var got []time.Duration
	p := process{exitAfter: func(d time.Duration) { got = append(got, d) }}
	p.exitBehind(bound)
	Expect(slices.Equal(got, after)).To(BeTrue(), "%v", got)
},
	Entry("soon after its bound", time.Second, time.Second+grace),
	Entry("never, where nothing bounds it", time.Duration(0)),
	Entry("next to never", time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)),
)
