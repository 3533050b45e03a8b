package s3

import (
	"context"
	"net/http"
	"sync"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// deleteBucket removes a bucket that has no versions. It keeps everybody from writing to it from before it looks until the bucket
// is gone, or has turned out to stay.
func (s *s3) deleteBucket() service.Writing[bucketInput, *alone] {
	return service.Writing[bucketInput, *alone]{
		Draw: func(*service.Call, *bucketInput) (*alone, error) { return &alone{}, nil },
		Act: func(c *service.Call, in *bucketInput, have *alone, tx identity.Tx) (service.Answer, error) {
			p, err := locateHere(c, tx.Reader, in.Bucket, &in.common)
			if err != nil {
				return service.Answer{}, err
			}
			if p.owner != tx.Account() {
				return service.Answer{}, othersBucket()
			}
			ctx := context.Background()
			v, err := s.vaults.open(ctx, c, p)
			if err != nil {
				return service.Answer{}, err
			}
			have.take(c, v)
			full := false
			err = v.view(ctx, func(r store.Reader) error {
				versions, _ := r.Scan(versionPrefix, "", 1)
				full = len(versions) > 0
				return nil
			})
			if err != nil {
				return service.Answer{}, err
			}
			if full {
				conflict := service.Conflict("BucketNotEmpty", "The bucket you tried to delete is not empty")
				conflict.BucketName = p.bucket.Name
				return service.Answer{}, conflict
			}
			tx.Store().Delete(bucketKey(p.bucket.Name))
			tx.Store().Delete(bucketPolicyKey(p.bucket.Name))
			forget := func() { _ = v.forget(ctx) } // its id never comes again
			return service.Answer{Status: http.StatusNoContent, Committed: forget}, nil
		},
	}
}

// An alone is the lock on a bucket that nobody else writes to. The deed may run more than once, and locks once.
type alone struct{ lock *sync.RWMutex }

func (a *alone) take(c *service.Call, v *vault) {
	if a.lock == v.lock {
		return
	}
	a.lock = v.lock
	a.lock.Lock()
	c.AtEnd(v.lock.Unlock)
}

// othersBucket is the answer to who is allowed to change a setting of another account's bucket: only the owner's account does that.
func othersBucket() error {
	return &service.Error{Status: http.StatusMethodNotAllowed, Code: "MethodNotAllowed",
		Message: "The specified method is not allowed against this resource."}
}
