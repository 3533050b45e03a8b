package wire_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"github.com/ambit-iam/ambit/internal/wire"
)

// An exchange stands in for the network between an SDK client and this package: it keeps the request and answers with what
// answer writes.
type exchange struct {
	request *http.Request
	body    []byte
	answer  func(http.ResponseWriter, *http.Request)
}

func (e *exchange) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	e.request, e.body = r, body
	w := httptest.NewRecorder()
	e.answer(w, r)
	return w.Result(), nil
}

func (e *exchange) config() aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://ambit.test"), HTTPClient: e, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, nil
		}),
	}
}

var contextType = reflect.TypeFor[context.Context]()

// operations calls do for every operation of an SDK client.
func operations(t *testing.T, client any, do func(t *testing.T, name string, call reflect.Value)) {
	v := reflect.ValueOf(client)
	count := 0
	for i := range v.NumMethod() {
		m := v.Method(i)
		if mt := m.Type(); mt.NumIn() != 3 || mt.In(0) != contextType || mt.NumOut() != 2 {
			continue
		}
		count++
		name := v.Type().Method(i).Name
		t.Run(name, func(t *testing.T) { do(t, name, m) })
	}
	if count < 10 {
		t.Fatalf("%T has only %d operations", client, count)
	}
}

// fill sets every field of v, so that nothing can be forgotten unseen. Lists get two elements.
func fill(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5+len(path)%50, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "ResultMetadata" {
				fill(v.Field(i), path+"."+f.Name)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(path))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, k := range []string{"one", "two"} {
			value := reflect.New(v.Type().Elem()).Elem()
			fill(value, path+k)
			v.SetMapIndex(reflect.ValueOf(k).Convert(v.Type().Key()), value)
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(&iamtypes.PolicyIdentifierMemberInlinePolicyIdentifier{}))
		fill(v.Elem().Elem(), path)
	case reflect.String:
		v.SetString(path + ` <&>"é` + "\r\n\t+%=; ")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		v.SetInt(int64(len(path)) - 40)
	default:
		panic("no filling for " + v.Type().String())
	}
}

// TestEveryOperationOfTheSDK sends every input of the iam and sts clients through the decoder, and every output through the
// encoder and the client's own parser. What comes out must be what went in, member by member.
func TestEveryOperationOfTheSDK(t *testing.T) {
	t.Parallel()
	codec := wire.NewCodec(wire.UnionOf[iamtypes.PolicyIdentifier](
		&iamtypes.PolicyIdentifierMemberInlinePolicyIdentifier{}, &iamtypes.PolicyIdentifierMemberPolicyArn{}))
	for service, client := range map[string]func(*exchange) any{
		"iam": func(e *exchange) any { return iam.NewFromConfig(e.config()) },
		"sts": func(e *exchange) any { return sts.NewFromConfig(e.config()) },
	} {
		dialect, ok := wire.DialectOf(service)
		if !ok {
			t.Fatal(service)
		}
		e := &exchange{}
		operations(t, client(e), func(t *testing.T, name string, call reflect.Value) {
			input := reflect.New(call.Type().In(1).Elem())
			fill(input.Elem(), "in")
			output := reflect.New(call.Type().Out(0).Elem())
			fill(output.Elem(), "out")
			e.answer = func(w http.ResponseWriter, _ *http.Request) {
				if err := codec.WriteOutput(w, dialect, name, 200, output.Interface(), wire.Stamp{RequestID: "id"}); err != nil {
					t.Error(err)
				}
			}
			results := call.Call([]reflect.Value{reflect.ValueOf(context.Background()), input})
			if err, _ := results[1].Interface().(error); err != nil {
				t.Fatal(err)
			}
			compareInput(t, codec, e, service, name, input.Interface())
			if d := cmp.Diff(output.Interface(), results[0].Interface(), withoutMetadata()); d != "" {
				t.Errorf("output (-written +read):\n%s", d)
			}
		})
	}
}

func compareInput(t *testing.T, codec *wire.Codec, e *exchange, service, name string, want any) {
	t.Helper()
	head := wire.Sniff(e.request, e.body)
	if head.Operation != name || head.Service != service {
		t.Errorf("sniffed %+v", head)
	}
	form, err := wire.FormOf(e.request, e.body)
	if err != nil {
		t.Fatal(err)
	}
	got := reflect.New(reflect.TypeOf(want).Elem()).Interface()
	unknown, err := codec.DecodeQuery(form, wire.AWSQuery, got)
	if err != nil || len(unknown) > 0 {
		t.Errorf("unknown %v, error %v", unknown, err)
	}
	if d := cmp.Diff(want, got, withoutMetadata()); d != "" {
		t.Errorf("input (-sent +decoded):\n%s", d)
	}
}

func withoutMetadata() cmp.Option {
	return cmp.Options{
		cmp.FilterPath(func(p cmp.Path) bool {
			f, ok := p.Last().(cmp.StructField)
			return ok && (f.Name() == "ResultMetadata" || strings.HasPrefix(f.Name(), "noSmithy"))
		}, cmp.Ignore()),
	}
}

// TestSDKReadsFaults lets the SDK's client read an error and its parts.
func TestSDKReadsFaults(t *testing.T) {
	t.Parallel()
	dialect, _ := wire.DialectOf("iam")
	e := &exchange{answer: func(w http.ResponseWriter, r *http.Request) {
		f := &wire.Fault{Status: 404, Code: "NoSuchEntity", Message: `The user with name "<x>" cannot be found.`}
		if err := wire.NewCodec().WriteFault(w, r, dialect, f, wire.Stamp{RequestID: "req-1"}); err != nil {
			t.Error(err)
		}
	}}
	_, err := iam.NewFromConfig(e.config()).GetUser(context.Background(), &iam.GetUserInput{})
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "NoSuchEntity" ||
		api.ErrorMessage() != `The user with name "<x>" cannot be found.` || api.ErrorFault() != smithy.FaultUnknown && api.ErrorFault() != smithy.FaultClient {
		t.Errorf("%#v", err)
	}
	if !strings.Contains(err.Error(), "req-1") || !strings.Contains(err.Error(), "404") {
		t.Errorf("no request id or status in %v", err)
	}
	if bytes.Contains(e.body, []byte("UserName")) {
		t.Errorf("an absent member was sent: %s", e.body)
	}
}
