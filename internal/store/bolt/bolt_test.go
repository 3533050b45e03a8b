package bolt_test

import (
	"testing"

	"github.com/ambit-iam/ambit/internal/store/bolt"
	"github.com/ambit-iam/ambit/internal/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, storetest.Engine{Open: bolt.Open, Durable: true})
}
