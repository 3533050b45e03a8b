package s3

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A postObjectInput is a form in which a browser sends an object: what PutObject has in headers, and what is to be answered.
type postObjectInput struct {
	putObjectInput
	SuccessActionStatus   *string `from:"form success_action_status"`
	SuccessActionRedirect *string `from:"form success_action_redirect"`
	Redirect              *string `from:"form redirect"` // its name before

	place string      // the URL of the bucket, as the form came
	file  expectation // what the policy says about the file
}

var _ formInput = (*postObjectInput)(nil)

// came implements formInput.
func (in *postObjectInput) came(raw service.Raw, e expectation) {
	scheme := "http"
	if raw.Request.TLS != nil {
		scheme = "https"
	}
	in.place = scheme + "://" + raw.Request.Host + strings.TrimSuffix(raw.Request.URL.Path, "/") + "/"
	in.file = e
}

// A postResponse is what a form is answered that asks for status 201.
type postResponse struct {
	_        struct{} `wire:"PostResponse"`
	Location *string
	Bucket   *string
	Key      *string
	ETag     *string
}

// postObject is PutObject for browsers, and is asked by its row about the same.
func (s *s3) postObject() service.Long[postObjectInput, place] {
	return service.Long[postObjectInput, place]{
		Form:  true,
		Check: func(in *postObjectInput) error { return checkKey(in.Key) },
		Plan: func(c *service.Call, in *postObjectInput, r identity.Reader, h *service.Hold) (place, error) {
			return in.plan(c, r, h)
		},
		Act: func(ctx context.Context, c *service.Call, in *postObjectInput, p place, h *service.Hold) (service.Answer, error) {
			made, err := s.make(ctx, c, &in.putObjectInput, p, h, in.file)
			if err != nil {
				return service.Answer{}, err
			}
			return in.answer(p, &made), nil
		},
	}
}

// answer is what the form asks for: to be sent elsewhere, or a status with or without a document.
func (in *postObjectInput) answer(p place, made *version) service.Answer {
	header := made.written(p)
	etag := header["ETag"]
	location := in.place + strings.ReplaceAll(url.QueryEscape(made.Key), "+", "%20")
	header["Location"] = location
	redirect := in.SuccessActionRedirect
	if redirect == nil {
		redirect = in.Redirect
	}
	if to, err := url.Parse(text(redirect)); err == nil && to.Scheme != "" && to.Host != "" { // another is as if it were not there
		query := to.Query()
		for name, value := range map[string]string{"bucket": p.bucket.Name, "key": made.Key, "etag": etag} {
			query.Set(name, value)
		}
		to.RawQuery = query.Encode()
		header["Location"] = to.String()
		return service.Answer{Status: http.StatusSeeOther, Header: header}
	}
	switch text(in.SuccessActionStatus) {
	case "200":
		return service.Answer{Header: header}
	case "201":
		return service.Answer{Status: http.StatusCreated, Header: header,
			Body: &postResponse{Location: &location, Bucket: &p.bucket.Name, Key: &made.Key, ETag: &etag}}
	}
	return service.Answer{Status: http.StatusNoContent, Header: header}
}
