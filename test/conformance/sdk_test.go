package conformance_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// An sdk is the AWS SDK for Go, version 2.
type sdk struct {
	place  *place
	client *http.Client
}

func newSDK(p *place) *sdk { return &sdk{place: p, client: &http.Client{Transport: p.record}} }

func (c *sdk) call(s step, as keys) (map[string]any, error) {
	config := aws.Config{
		Region: c.place.region, HTTPClient: c.client, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: as.AccessKeyID, SecretAccessKey: as.SecretAccessKey, SessionToken: as.SessionToken}, nil
		}),
	}
	if c.place.url != "" {
		config.BaseEndpoint = aws.String(c.place.url)
	}
	service, operation, _ := strings.Cut(s.Call, " ")
	if service == "ec2" {
		return nil, c.query(config, operation, s.With)
	}
	method := reflect.ValueOf(map[string]any{"iam": iam.NewFromConfig(config), "sts": sts.NewFromConfig(config)}[service]).MethodByName(operation)
	if !method.IsValid() {
		return nil, fmt.Errorf("the SDK has no %s", s.Call)
	}
	if s.Pages != "" {
		return c.pages(method, s)
	}
	return invoke(method, s.With)
}

// invoke calls a method of an SDK client with members by name. Inputs and outputs are read and written as JSON: the SDK's
// structs have the model's names.
func invoke(method reflect.Value, members map[string]any) (map[string]any, error) {
	input := reflect.New(method.Type().In(1).Elem())
	text, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(input.Interface()); err != nil {
		return nil, err
	}
	results := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), input})
	if err, failed := results[1].Interface().(error); failed {
		var refused smithy.APIError
		if errors.As(err, &refused) {
			return nil, &refusal{refused.ErrorCode(), refused.ErrorMessage()}
		}
		return nil, err
	}
	if text, err = json.Marshal(results[0].Interface()); err != nil {
		return nil, err
	}
	var out map[string]any
	return out, json.Unmarshal(text, &out)
}

// query makes a call of EC2 without the SDK's package for it, which takes minutes to compile. It is for errors only.
func (c *sdk) query(config aws.Config, operation string, members map[string]any) error {
	form := url.Values{"Action": {operation}, "Version": {"2016-11-15"}}
	for name, value := range members {
		form.Set(name, fmt.Sprint(value))
	}
	body := form.Encode()
	endpoint := "https://ec2." + c.place.region + ".amazonaws.com"
	if c.place.url != "" {
		endpoint = c.place.url
	}
	q, err := http.NewRequest(http.MethodPost, endpoint+"/", strings.NewReader(body))
	if err != nil {
		return err
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	as, err := config.Credentials.Retrieve(context.Background())
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(context.Background(), as, q, hex.EncodeToString(sum[:]), "ec2", c.place.region, time.Now()); err != nil {
		return err
	}
	answer, err := c.client.Do(q)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var told struct {
		Errors struct {
			Error struct{ Code, Message string }
		}
	}
	if err := xml.NewDecoder(answer.Body).Decode(&told); err != nil {
		return err
	}
	return &refusal{told.Errors.Error.Code, told.Errors.Error.Message}
}

// pages follows the markers of a list.
func (c *sdk) pages(method reflect.Value, s step) (map[string]any, error) {
	with := map[string]any{"MaxItems": 1}
	for name, value := range s.With {
		with[name] = value
	}
	all := []any{}
	for range 100 {
		out, err := invoke(method, with)
		if err != nil {
			return nil, err
		}
		list, _ := out[s.Pages].([]any)
		if len(list) > 1 {
			return nil, fmt.Errorf("a page of one element has %d", len(list))
		}
		all = append(all, list...)
		if out["IsTruncated"] != true {
			return map[string]any{s.Pages: all}, nil
		}
		with["Marker"] = out["Marker"]
	}
	return nil, fmt.Errorf("%s does not end", s.Call)
}
