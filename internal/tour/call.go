package tour

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// A refusal is an error that a service answers.
type refusal struct {
	operation, code, message string
	requestID                string
}

// Error is how the AWS CLI prints it.
func (r *refusal) Error() string {
	return "An error occurred (" + r.code + ") when calling the " + r.operation + " operation: " + r.message
}

// denied reports whether it was for want of permission.
func (r *refusal) denied() bool {
	return strings.HasPrefix(r.code, "AccessDenied") || r.code == "UnauthorizedOperation"
}

// A request is a call before it is signed.
type request struct {
	service, region, operation string
	method, body               string
	header                     map[string]string
}

// versions are those of the query services.
var versions = map[string]string{"iam": "2010-05-08", "sts": "2011-06-15", "ec2": "2016-11-15", "ambit": "2026-11-01"}

// targets are what JSON services put before the operation.
var targets = map[string]string{"dynamodb": "DynamoDB_20120810."}

// queryRequest asks with a form.
func queryRequest(service, region, operation string, members url.Values) request {
	members.Set("Action", operation)
	members.Set("Version", versions[service])
	return request{service, region, operation, http.MethodPost, members.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}
}

// jsonRequest asks with a JSON document.
func jsonRequest(service, region, operation string, members map[string]any) (request, error) {
	body, err := json.Marshal(members)
	return request{service, region, operation, http.MethodPost, string(body), map[string]string{
		"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": targets[service] + operation,
	}}, err
}

// A client sends requests to one server.
type client struct {
	endpoint string
	http     *http.Client
}

// send signs a request, sends it, and returns the body of the answer. A *refusal is what the service says no with.
func (c client) send(ctx context.Context, r request, as aws.Credentials) ([]byte, error) {
	made, err := http.NewRequestWithContext(ctx, r.method, c.endpoint+"/", bytes.NewReader([]byte(r.body)))
	if err != nil {
		return nil, err
	}
	for name, value := range r.header {
		made.Header.Set(name, value)
	}
	sum := sha256.Sum256([]byte(r.body))
	hash := hex.EncodeToString(sum[:])
	if r.service == "s3" {
		made.Header.Set("X-Amz-Content-Sha256", hash)
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = r.service == "s3" })
	if err := signer.SignHTTP(ctx, as, made, hash, r.service, r.region, time.Now()); err != nil {
		return nil, err
	}
	response, err := c.http.Do(made)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode == http.StatusOK {
		return body, err
	}
	id := response.Header.Get("X-Amzn-Requestid")
	if id == "" {
		id = response.Header.Get("X-Amz-Request-Id")
	}
	return nil, refusalOf(r, body, response.Status, id)
}

// refusalOf reads an error in the protocol of its service.
func refusalOf(r request, body []byte, status, id string) error {
	told := refusal{operation: r.operation, requestID: id}
	if targets[r.service] != "" {
		var fault struct {
			Type    string `json:"__type"`
			Message string `json:"message"` // or Message: names in JSON ignore case here
		}
		if err := json.Unmarshal(body, &fault); err != nil {
			return fmt.Errorf("the server answered %s", status)
		}
		told.code, told.message = fault.Type[strings.LastIndexByte(fault.Type, '#')+1:], fault.Message
		return &told
	}
	var fault struct {
		Query struct{ Code, Message string } `xml:"Error"`
		EC2   struct{ Code, Message string } `xml:"Errors>Error"`
		Code  string                         // S3 has them at the top
		Text  string                         `xml:"Message"`
	}
	if err := xml.Unmarshal(body, &fault); err != nil {
		return fmt.Errorf("the server answered %s", status)
	}
	told.code = fault.Query.Code + fault.EC2.Code + fault.Code
	told.message = fault.Query.Message + fault.EC2.Message + fault.Text
	return &told
}
