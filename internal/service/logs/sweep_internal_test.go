package logs

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// slowPlanes are data that cannot be opened, which is found out only when somebody says so.
type slowPlanes struct {
	service.Planes
	asked int
	found chan struct{}
}

func (p *slowPlanes) Store(string, string, string) (store.Store, error) {
	p.asked++
	<-p.found
	return nil, errors.New("nothing can be opened")
}

// TestARegionIsSweptByOne: however much is deleted while a region is swept, it is swept once more, and not at the same time.
func TestARegionIsSweptByOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &slowPlanes{found: make(chan struct{})}
		s := &sweeper{busy: map[swept]bool{}}
		c, here := &service.Call{Planes: p}, place{account: "123456789012", region: "eu-central-1", name: "g"}
		asked := func(want int, busy int) {
			t.Helper()
			synctest.Wait()
			if p.asked != want || len(s.busy) != busy {
				t.Errorf("swept %d times, %d regions busy; want %d, %d", p.asked, len(s.busy), want, busy)
			}
		}
		for range 100 {
			s.deleted(c, here)
		}
		asked(1, 1)
		p.found <- struct{}{}
		asked(2, 1) // for what was deleted since the first began
		p.found <- struct{}{}
		asked(2, 0)
		s.deleted(c, here)
		asked(3, 1)
		p.found <- struct{}{}
		asked(3, 0)
	})
}
