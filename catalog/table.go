package catalog

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed services.txt
var services string

// An index is the head of the table: what is needed to find the rest.
type index struct {
	version string
	global  []Key
	foreign []Key    // keys that only services of another prefix list
	entries []*entry // sorted by prefix
}

// An entry is a service that is decoded when it is first asked for. Its strings are parts of the embedded text, which the
// operating system pages in on demand, so that a decoded service costs little more than its slices.
type entry struct {
	prefix  string
	service func() *Service
}

// table reads the head of the embedded text once.
var table = sync.OnceValue(func() *index { return readIndex(services) })

// readIndex panics on a line that it cannot read: the text is generated and embedded, and a test reads all of it.
func readIndex(text string) *index {
	x := &index{}
	head, body, _ := strings.Cut(text, "\n\n")
	for line := range strings.Lines(head) {
		kind, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		fields := strings.Split(rest, "\t")
		switch kind {
		case "V":
			x.version = rest
		case "G":
			x.global = append(x.global, newKey(fields[0], fields[1]))
		case "F":
			x.foreign = append(x.foreign, newKey(fields[0], fields[1]))
		case "S":
			length := number(fields[2])
			block := body[:length]
			body = body[length:]
			x.entries = append(x.entries, &entry{prefix: fields[0], service: sync.OnceValue(func() *Service {
				s := readService(block, fields[0])
				s.Name, s.RCP = fields[1], len(fields) > 3
				return s
			})})
		}
	}
	return x
}

func readService(block, prefix string) *Service {
	s := &Service{Prefix: prefix}
	// The lines come in the order K, R, A, so that numbers always point back; resources are counted first, because
	// actions point into their slice.
	s.resources = make([]ResourceType, 0, strings.Count(block, "\nR\t")+1)
	for line := range strings.Lines(block) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch fields[0] {
		case "K":
			s.keys = append(s.keys, newKey(fields[1], fields[2]))
		case "R":
			s.resources = append(s.resources, ResourceType{Name: fields[1], Keys: s.pick(fields[2]), ARNs: fields[3:]})
		case "A":
			s.actions = append(s.actions, s.readAction(append(fields, "", "")))
		}
	}
	return s
}

func (s *Service) readAction(fields []string) Action {
	a := Action{Service: s.Prefix, Name: fields[1], Keys: s.pick(fields[3])}
	for i, level := range accessLevels {
		if strings.IndexByte(fields[2], level.letter) >= 0 {
			a.Access |= 1 << i
		}
	}
	if fields[4] == "" {
		return a
	}
	for _, on := range strings.Split(fields[4], ";") {
		on, keys, _ := strings.Cut(on, ":")
		on, required := strings.CutSuffix(on, "!")
		a.Resources = append(a.Resources, ActionResource{
			Type: &s.resources[number(on)], Required: required, Keys: s.pick(keys),
		})
	}
	return a
}

// pick returns the keys with the given numbers.
func (s *Service) pick(numbers string) []Key {
	if numbers == "" {
		return nil
	}
	var keys []Key
	for _, n := range strings.Split(numbers, ",") {
		keys = append(keys, s.keys[number(n)])
	}
	return keys
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(fmt.Sprintf("catalog: the embedded table is damaged: %v", err))
	}
	return n
}
