package policy

// A nameSet is a set of names that does not allocate while it is small.
type nameSet struct {
	slots [64]string // a hash table; "" is a free slot
	n     int        // used
	many  map[string]bool
}

// add reports whether the name, which must not be empty, is new.
func (s *nameSet) add(name string) bool {
	i := hashString(name) % uint32(len(s.slots))
	for ; s.slots[i] != ""; i = (i + 1) % uint32(len(s.slots)) {
		if s.slots[i] == name {
			return false
		}
	}
	if s.n < len(s.slots)/2 {
		s.slots[i] = name
		s.n++
		return true
	}
	if s.many[name] {
		return false
	}
	if s.many == nil {
		s.many = make(map[string]bool)
	}
	s.many[name] = true
	return true
}
