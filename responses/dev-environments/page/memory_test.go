package page

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dev-environments.test/environments"
)

// memory stands in for the cluster.
type memory struct {
	mutex      sync.Mutex
	person     environments.Person
	all        map[string]*environments.Environment
	chosen     map[string]environments.Choices
	steps      map[string]int // of those that start: how many are done
	asked      atomic.Int32   // requests
	called     []string       // what was changed
	refuse     error          // a change
	fail       error          // any question
	slow       chan struct{}  // what a change waits for
	unmeasured error
	token      string // the last
	keys       string
	listens    string // where each notebook does
}

func newMemory(teams ...string) *memory {
	return &memory{person: environments.Person{Handle: "jane.doe_at_example.com", Teams: teams},
		all: map[string]*environments.Environment{}, chosen: map[string]environments.Choices{}, steps: map[string]int{}}
}

func (m *memory) change(what, name string, do func(*environments.Environment)) error {
	if m.slow != nil {
		<-m.slow
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.refuse != nil {
		return m.refuse
	}
	m.called = append(m.called, what+" "+name)
	do(m.all[name])
	return nil
}

// locked is for what a spec changes while a browser may be asking.
func (m *memory) locked(do func()) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	do()
}

func (m *memory) add(e environments.Environment) { m.locked(func() { m.all[e.Name] = &e }) }
func (m *memory) remove(name string)             { m.locked(func() { delete(m.all, name) }) }

// come has a start come this far.
func (m *memory) come(name string, steps int) { m.locked(func() { m.steps[name] = steps }) }

// starting adds one that does not get on by itself: see come.
func (m *memory) starting(name string) {
	m.come(name, 1)
	m.add(environments.Environment{Name: name, Team: "web", Owner: m.person.Handle, CPU: "2", Memory: "4Gi", GPU: "0", Awake: true})
}

func (m *memory) WhoAmI(context.Context) (environments.Person, error) {
	m.asked.Add(1)
	return m.person, m.fail
}

func (m *memory) look(name string) environments.Environment {
	e := *m.all[name]
	steps, starts := m.steps[name]
	e.Ready = e.Awake && (!starts || steps == 4)
	return e
}

func (m *memory) Offer(context.Context, string) ([]environments.Field, error) {
	fields := environments.Fields()
	for name, choices := range map[string][]string{"base": {"debian-13", "python-3.13"}, "cpu": {"2", "4"}, "memory": {"4Gi", "8Gi", "64Gi"}, "gpu": {"0", "1"},
		"group": {"", "general"}, "lifetime": {"30", "7"}, "home": {"10Gi", "50Gi"}, "credentials": {"", "database"}, "data": {"", "prices"}} {
		at := slices.IndexFunc(fields, func(field environments.Field) bool { return field.Name == name })
		fields[at].Choices, fields[at].Default = choices, choices[0]
	}
	return fields, m.fail
}
func (m *memory) List(_ context.Context, team string) (list []environments.Environment, _ error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	for _, name := range slices.Sorted(maps.Keys(m.all)) {
		if m.all[name].Team == team {
			list = append(list, m.look(name))
		}
	}
	return list, m.fail
}
func (m *memory) Chosen(_ context.Context, _, name string) (environments.Choices, error) {
	return m.chosen[name], m.fail
}
func (m *memory) Progress(_ context.Context, team, name string) (environments.Progress, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.fail != nil || m.all[name] == nil {
		return environments.Progress{}, cmp.Or(m.fail, error(&environments.Error{Message: "team " + team + " has no environment " + name}))
	}
	p := environments.Progress{Environment: m.look(name)}
	for i, step := range []string{"accepted", "placed", "image", "started"} {
		p.Steps = append(p.Steps, environments.Step{Name: step, Done: m.steps[name] > i})
	}
	if m.steps[name] == 1 {
		p.Steps[1].Message = "0/4 nodes are available: 4 Insufficient cpu."
	}
	return p, nil
}
func (m *memory) Notebook(_ context.Context, _, name string) (environments.Environment, string, error) {
	if m.fail != nil || m.all[name] == nil {
		return environments.Environment{}, "", cmp.Or(m.fail, error(&environments.Error{Message: "no such environment"}))
	}
	return *m.all[name], m.listens, nil
}
func (m *memory) Greeting(context.Context, string, string) []string {
	return []string{"host key fingerprint: SHA256:k4Ue0oYFo5LIGVEGJjmTQQ7Zg7hYkq1VJ0fW9Hn2c3A"}
}
func (m *memory) Launch(_ context.Context, team, name, _ string, chosen environments.Choices) error {
	return m.change("launch", name, func(*environments.Environment) {
		m.chosen[name] = chosen
		m.steps[name] = 0
		m.all[name] = &environments.Environment{Name: name, Team: team, Owner: m.person.Handle, Group: "general", Base: chosen["base"], Packages: chosen["packages"],
			CPU: "4", Memory: chosen["memory"], GPU: "0", Home: "10Gi", Address: name + "." + team + ".dev.example.com", Awake: true, Expires: "2026-12-24"}
	})
}
func (m *memory) Change(_ context.Context, _, name string, chosen environments.Choices) error {
	return m.change("change", name, func(*environments.Environment) { m.chosen[name] = chosen })
}
func (m *memory) Wake(_ context.Context, _, name string) error {
	return m.change("wake", name, func(e *environments.Environment) { e.Awake, e.Asleep = true, "" })
}
func (m *memory) Pin(_ context.Context, _, name string, pinned bool) error {
	return m.change("pin", name, func(e *environments.Environment) { e.Pinned = pinned })
}
func (m *memory) Extend(_ context.Context, _, name, _ string) error {
	return m.change("extend", name, func(e *environments.Environment) { e.Expires = "2027-01-20" })
}
func (m *memory) Delete(_ context.Context, _, name string) (time.Time, error) {
	return time.Time{}, m.change("delete", name, func(e *environments.Environment) { e.Awake, e.Deleted = false, "2026-12-14" })
}
func (m *memory) Restore(_ context.Context, _, name string) error {
	return m.change("restore", name, func(e *environments.Environment) { e.Awake, e.Deleted = true, "" })
}

func (m *memory) Keys(context.Context, string) (string, error) { return m.keys, m.fail }
func (m *memory) SetKeys(_ context.Context, _, keys string) error {
	return m.change("keys", keys, func(*environments.Environment) { m.keys = keys })
}

func (m *memory) server() Server {
	return Server{
		As: func(token string) (Environments, error) { m.token = token; return m, nil },
		Usage: func(context.Context, string) (map[string]Usage, error) {
			if m.unmeasured != nil {
				return nil, m.unmeasured
			}
			return map[string]Usage{"study": {"CPU": 3.4, "Memory": 2.925, "Sessions": 1}}, nil
		},
	}
}
