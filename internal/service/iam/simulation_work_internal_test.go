package iam

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/policy"
)

// Nobody is simulated for who has gone.
func TestSimulationEndsWithItsRequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	text := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`
	s := simulated{policies: []string{text}, actions: []string{"s3:GetObject"}}
	sim := func() *simulation {
		return &simulation{principal: somebody("aws", "123456789012"), place: &identity.Organization{}}
	}
	if out, _, err := s.simulate(ctx, nil, sim()); err != nil || len(out) != 1 {
		t.Fatalf("%v %v", out, err)
	}
	cancel()
	if out, _, err := s.simulate(ctx, nil, sim()); !errors.Is(err, context.Canceled) || out != nil {
		t.Errorf("%v %v", out, err)
	}
}

// The longer the policies, and the more keys there are among which theirs are looked for, the fewer requests are in one answer.
func TestRoomOfAnAnswer(t *testing.T) {
	t.Parallel()
	room := func(length, keys int) int {
		d, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"` + strings.Repeat("a", length) + `"}}`)
		if err != nil {
			t.Fatal(err)
		}
		s := &simulation{identity: []source{{Policy: policy.Policy{Document: d}}}, place: &identity.Organization{}}
		for i := range keys {
			s.set("aws:RequestTag/"+strings.Repeat("k", i+1), "")
		}
		return s.room(1000)
	}
	if ordinary, long, keys := room(6144, 20), room(1<<19, 200), room(131072, 2048); ordinary != 1000 || long > 64 || keys > 16 {
		t.Errorf("%d, %d and %d", ordinary, long, keys)
	}
}
