package mem_test

import (
	"testing"

	"github.com/ambit-iam/ambit/internal/store"
	"github.com/ambit-iam/ambit/internal/store/mem"
	"github.com/ambit-iam/ambit/internal/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, storetest.Engine{
		Open: func(_ string, o store.Options) (store.Store, error) { return mem.New(o) },
	})
}
