package service

import "time"

// A secondFactor is what became of a second factor that a call brings along.
type secondFactor struct {
	asked bool
	err   error
}

// SecondFactor has prove find out when the caller gave a second factor with the call itself, the zero time if he gave none, for
// the condition keys of everything that is asked about the call. A code counts once, so prove is asked once, however often the call
// is tried. The error is prove's.
func (c *Call) SecondFactor(prove func() (time.Time, error)) error {
	if !c.factor.asked {
		c.factor.asked = true
		c.Environment.SecondFactor, c.factor.err = prove()
	}
	return c.factor.err
}
