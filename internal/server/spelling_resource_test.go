package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// jsonCall is a call of a service that is named in a header, in us-east-1.
func jsonCall(service, version, target, body string) request {
	return request{service: service, body: body, header: map[string]string{
		"Content-Type": "application/x-amz-json-" + version, "X-Amz-Target": target,
	}}
}

func lambdaCall(method, path, body string) request {
	return request{service: "lambda", method: method, path: path, body: body, header: map[string]string{}}
}

// TestNoSpellingFindsADeniedResource: what a Deny names by its ARN is reached by no other way to write its name, its ARN, or its version.
// A call in such a spelling is denied, or it names nothing; it is never done.
func TestNoSpellingFindsADeniedResource(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.deploy(t, returnsEvent)
	admin := r.admin()
	for _, q := range []request{
		lambdaCall("POST", functions+"/f/versions", `{}`),
		lambdaCall("POST", functions+"/f/aliases", `{"Name":"live","FunctionVersion":"1"}`),
		lambdaCall("POST", "/2018-10-31/layers/l/versions", `{"Content":{"ZipFile":"`+zipped(t, "a", "b")+`"}}`),
		jsonCall("logs", "1.1", "Logs_20140328.CreateLogGroup", `{"logGroupName":"g"}`),
		jsonCall("logs", "1.1", "Logs_20140328.CreateLogStream", `{"logGroupName":"g","logStreamName":"s"}`),
		jsonCall("ssm", "1.1", "AmazonSSM.PutParameter", `{"Name":"/app/db","Type":"String","Value":"v"}`),
		jsonCall("ssm", "1.1", "AmazonSSM.PutParameter", `{"Name":"flat","Type":"String","Value":"v"}`),
		dynamodbCall("us-east-1", "CreateTable", `{"TableName":"tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`),
		form("ec2", "Version=2016-11-15&Action=CreateKeyPair&KeyName=Pair"),
		createBucket("", "bucket", ""),
		{service: "s3", method: "PUT", path: "/bucket/key", body: "content"},
	} {
		if status, body := r.call(t, q, admin); status >= 300 {
			t.Fatalf("%+v: %d %s", q, status, body)
		}
	}
	_, pair := r.call(t, form("ec2", "Version=2016-11-15&Action=DescribeKeyPairs&KeyName.1=Pair"), admin)
	_, pairID, _ := strings.Cut(pair, "<keyPairId>")
	pairID, _, _ = strings.Cut(pairID, "<")

	const own = ":us-east-1:123456789012:"
	fenced := r.with(t, "fenced", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":[
		"`+functionARN+`","`+functionARN+`:1","arn:aws:lambda`+own+`layer:l","arn:aws:lambda`+own+`layer:l:1",
		"arn:aws:logs`+own+`log-group:g","arn:aws:logs`+own+`log-group:g:*",
		"arn:aws:ssm`+own+`parameter/app/db","arn:aws:ssm`+own+`parameter/flat","arn:aws:dynamodb`+own+`table/tab",
		"arn:aws:ec2`+own+`key-pair/Pair","arn:aws:s3:::bucket","arn:aws:s3:::bucket/key"]}]}`)

	before := r.revision(t)
	for _, spelled := range []struct {
		calls     func(name string) []request
		spellings []string
	}{
		{callsOnFunction, []string{
			"f", "function:f", "123456789012:f", "123456789012:function:f", "us-east-1:123456789012:function:f", functionARN,
			"f:", functionARN + ":", "arn:lambda:us-east-1:123456789012:function:f", "arn::lambda:us-east-1:123456789012:function:f",
			"arn:aws-cn:lambda:us-east-1:123456789012:function:f", "ARN:aws:lambda:us-east-1:123456789012:function:f", "function:function:f", "us-east-1:f",
		}},
		{callsOnVersion, []string{"1", "01", "%2B1", "0001", "-1", "1.0", "1%20", "٠١"}},
		{callsOnTagged, []string{
			functionARN, functionARN + ":1", functionARN + ":live", functionARN + ":$LATEST", functionARN + ":", "f", "function:f", strings.ToLower(functionARN) + ":1",
			"arn:aws:lambda:us-east-1:000000000000:function:f", "arn:aws:lambda:US-EAST-1:123456789012:function:f",
		}},
		{callsOnLayer, []string{
			"l", "arn:aws:lambda" + own + "layer:l", "arn:aws:lambda" + own + "layer:l:1", "arn:aws:lambda" + own + "layer:l:01", "arn:AWS:lambda" + own + "layer:l", "l:1",
			"arn:aws:lambda" + own + "LAYER:l", "layer:l",
		}},
		{callsOnGroup, []string{
			"g", "arn:aws:logs" + own + "log-group:g", "arn:aws:logs" + own + "log-group:g:*", "arn:aws:logs" + own + "log-group:g:", "arn:aws:logs" + own + "log-group:g:log-stream:",
			"arn:aws:logs" + own + "log-group:g:log-stream:s", "ARN:aws:logs" + own + "log-group:g", "log-group:g", "G", "g:*", "arn:aws:logs::123456789012:log-group:g",
		}},
		{callsOnParameter, []string{
			"/app/db", "app/db", "//app/db", "/app//db", "/app/db/", "/app/db:1", "/app/db:01", "/app/DB", "arn:aws:ssm" + own + "parameter/app/db",
			"arn:aws:ssm" + own + "parameter//app/db", "arn:aws:ssm" + own + "parameter/app/db:1", "arn:aws:ssm:::parameter/app/db", "flat", "/flat", "flat:1",
			"arn:aws:ssm" + own + "parameter/flat", "parameter/flat", "/flat/",
		}},
		{callsOnTable, []string{
			"tab", "TAB", "tab/", "arn:aws:dynamodb" + own + "table/tab", "arn:aws:dynamodb" + own + "table/tab/", "arn:aws:dynamodb" + own + "table/tab/index/i",
			"arn:aws:dynamodb::123456789012:table/tab", "arn:aws:dynamodb:us-east-1::table/tab", "ARN:aws:dynamodb" + own + "table/tab", "table/tab",
		}},
		{callsOnKeyPair, []string{"KeyName=Pair", "KeyPairId=" + pairID}},
		{callsOnTags, []string{pairID, strings.ToUpper(pairID), "Pair", "arn:aws:ec2" + own + "key-pair/Pair"}},
		{callsOnObject, []string{"key", "./key", "x/../key", "/key", "%6Bey", "key?versionId=null", "key?versionId=", "KEY"}},
	} {
		for _, spelling := range spelled.spellings {
			for _, q := range spelled.calls(spelling) {
				status, body := r.call(t, q, fenced)
				after := r.revision(t)
				if strings.Contains(body, `"InvalidParameters":["`) {
					before = after // a call on several of which none was found is done, and written down
				} else if status < 400 || status >= 500 || after != before {
					t.Fatalf("%s %s %s %s: %d %s", q.service, q.method, q.path, q.header["X-Amz-Target"]+q.header["X-Amz-Copy-Source"]+q.body, status, body)
				}
			}
		}
	}
	if status, body := r.call(t, request{service: "s3", method: "GET", path: "/bucket/key"}, admin); status != http.StatusOK || body != "content" {
		t.Errorf("%d %s", status, body)
	}
}

// TestNoSpellingHidesALayer: what a Deny on lambda:Layer names is in no function, however the function's layers are written.
func TestNoSpellingHidesALayer(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.deploy(t, returnsEvent)
	if status, body := r.call(t, lambdaCall("POST", "/2018-10-31/layers/l/versions", `{"Content":{"ZipFile":"`+zipped(t, "a", "b")+`"}}`), r.admin()); status != http.StatusCreated {
		t.Fatal(status, body)
	}
	const own = ":lambda:us-east-1:123456789012:"
	fenced := r.with(t, "fenced", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"lambda:*","Resource":"*",
		"Condition":{"ForAnyValue:StringLike":{"lambda:Layer":["arn:aws`+own+`layer:l:1","arn:aws`+own+`layer:l:1:*"]}}}]}`)
	before := r.revision(t)
	for _, layer := range []string{
		"arn:aws" + own + "layer:l:1", "arn:aws" + own + "layer:l:01", "arn:aws" + own + "LAYER:l:1", "arn:aws:Lambda:us-east-1:123456789012:layer:l:1",
		"arn:aws" + own + "layer:l:1:2", "arn:aws" + own + "layer:l:1:", "arn:aws" + own + "layer:l:+1", "arn:aws" + own + ":l:1", "l:1",
	} {
		for _, q := range []request{
			lambdaCall("PUT", functions+"/f/configuration", `{"Layers":["`+layer+`"]}`),
			lambdaCall("POST", functions, strings.Replace(newFunction(t, returnsEvent, `,"Layers":["`+layer+`"]`), `"f"`, `"g"`, 1)),
		} {
			if status, body := r.call(t, q, fenced); status < 400 || status >= 500 || r.revision(t) != before {
				t.Fatalf("%s: %d %s", layer, status, body)
			}
		}
	}
}

func callsOnFunction(name string) []request {
	at := functions + "/" + name
	return []request{
		lambdaCall("GET", at, ""), lambdaCall("GET", at+"/configuration", ""), lambdaCall("GET", at+"/policy", ""),
		lambdaCall("GET", at+"/versions", ""), lambdaCall("GET", at+"/aliases", ""),
		lambdaCall("POST", at+"/versions", "{}"), lambdaCall("PUT", at+"/configuration", `{"Description":"theirs"}`),
		lambdaCall("POST", at+"/aliases", `{"Name":"more","FunctionVersion":"1"}`), lambdaCall("DELETE", at+"/aliases/live", ""),
		lambdaCall("PUT", "/2017-10-31/functions/"+name+"/concurrency", `{"ReservedConcurrentExecutions":1}`),
		lambdaCall("PUT", "/2019-09-25/functions/"+name+"/event-invoke-config", `{"MaximumRetryAttempts":0}`),
		lambdaCall("POST", at+"/policy", `{"StatementId":"s","Action":"lambda:InvokeFunction","Principal":"*"}`), lambdaCall("DELETE", at, ""),
	}
}

func callsOnVersion(version string) []request {
	query := "?Qualifier=" + version
	return []request{
		lambdaCall("GET", functions+"/f"+query, ""), lambdaCall("GET", functions+"/f/configuration"+query, ""), lambdaCall("GET", functions+"/f/policy"+query, ""),
		{service: "lambda", method: "POST", path: functions + "/f/invocations" + query, header: map[string]string{"X-Amz-Invocation-Type": "DryRun"}},
		lambdaCall("POST", functions+"/f/policy"+query, `{"StatementId":"s","Action":"lambda:InvokeFunction","Principal":"*"}`),
		lambdaCall("PUT", "/2019-09-25/functions/f/event-invoke-config"+query, `{"MaximumRetryAttempts":0}`),
		lambdaCall("GET", functions+"/f:"+version, ""), lambdaCall("DELETE", functions+"/f:"+version, ""), lambdaCall("DELETE", functions+"/f"+query, ""),
		lambdaCall("GET", "/2018-10-31/layers/l/versions/"+version, ""), lambdaCall("DELETE", "/2018-10-31/layers/l/versions/"+version, ""),
		lambdaCall("GET", "/2018-10-31/layers?find=LayerVersion&Arn=arn:aws:lambda:us-east-1:123456789012:layer:l:"+version, ""),
	}
}

func callsOnTagged(arn string) []request {
	return []request{
		lambdaCall("GET", "/2017-03-31/tags/"+arn, ""), lambdaCall("POST", "/2017-03-31/tags/"+arn, `{"Tags":{"a":"b"}}`),
		lambdaCall("DELETE", "/2017-03-31/tags/"+arn+"?tagKeys=a", ""),
	}
}

func callsOnLayer(name string) []request {
	return []request{
		lambdaCall("GET", "/2018-10-31/layers/"+name+"/versions/1", ""), lambdaCall("DELETE", "/2018-10-31/layers/"+name+"/versions/1", ""),
	}
}

func callsOnGroup(name string) []request {
	logs := func(operation, body string) request {
		return jsonCall("logs", "1.1", "Logs_20140328."+operation, strings.ReplaceAll(body, "NAME", name))
	}
	return []request{
		logs("TagResource", `{"resourceArn":"NAME","tags":{"a":"b"}}`), logs("UntagResource", `{"resourceArn":"NAME","tagKeys":["a"]}`),
		logs("ListTagsForResource", `{"resourceArn":"NAME"}`), logs("TagLogGroup", `{"logGroupName":"NAME","tags":{"a":"b"}}`),
		logs("ListTagsLogGroup", `{"logGroupName":"NAME"}`), logs("PutRetentionPolicy", `{"logGroupName":"NAME","retentionInDays":1}`),
		logs("DescribeLogStreams", `{"logGroupIdentifier":"NAME"}`), logs("DescribeLogStreams", `{"logGroupName":"NAME"}`),
		logs("GetLogEvents", `{"logGroupIdentifier":"NAME","logStreamName":"s"}`), logs("FilterLogEvents", `{"logGroupIdentifier":"NAME"}`),
		logs("PutLogGroupDeletionProtection", `{"logGroupIdentifier":"NAME","deletionProtectionEnabled":true}`),
		logs("DeleteLogStream", `{"logGroupName":"NAME","logStreamName":"s"}`), logs("DeleteLogGroup", `{"logGroupName":"NAME"}`),
	}
}

func callsOnParameter(name string) []request {
	ssm := func(operation, body string) request {
		return jsonCall("ssm", "1.1", "AmazonSSM."+operation, strings.ReplaceAll(body, "NAME", name))
	}
	return []request{
		ssm("GetParameter", `{"Name":"NAME"}`), ssm("GetParameters", `{"Names":["NAME"]}`), ssm("GetParameterHistory", `{"Name":"NAME"}`),
		ssm("PutParameter", `{"Name":"NAME","Value":"theirs","Overwrite":true}`), ssm("LabelParameterVersion", `{"Name":"NAME","Labels":["l"]}`),
		ssm("AddTagsToResource", `{"ResourceType":"Parameter","ResourceId":"NAME","Tags":[{"Key":"a","Value":"b"}]}`),
		ssm("ListTagsForResource", `{"ResourceType":"Parameter","ResourceId":"NAME"}`),
		ssm("DeleteParameters", `{"Names":["NAME"]}`), ssm("DeleteParameter", `{"Name":"NAME"}`),
	}
}

func callsOnTable(name string) []request {
	dynamodb := func(operation, body string) request {
		return dynamodbCall("us-east-1", operation, strings.ReplaceAll(body, "NAME", name))
	}
	return []request{
		dynamodb("DescribeTable", `{"TableName":"NAME"}`), dynamodb("Scan", `{"TableName":"NAME"}`), dynamodb("GetItem", `{"TableName":"NAME","Key":{"id":{"S":"1"}}}`),
		dynamodb("PutItem", `{"TableName":"NAME","Item":{"id":{"S":"1"}}}`), dynamodb("BatchGetItem", `{"RequestItems":{"NAME":{"Keys":[{"id":{"S":"1"}}]}}}`),
		dynamodb("TransactWriteItems", `{"TransactItems":[{"Put":{"TableName":"NAME","Item":{"id":{"S":"1"}}}}]}`),
		dynamodb("TagResource", `{"ResourceArn":"NAME","Tags":[{"Key":"a","Value":"b"}]}`), dynamodb("ListTagsOfResource", `{"ResourceArn":"NAME"}`),
		dynamodb("PutResourcePolicy", `{"ResourceArn":"NAME","Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"dynamodb:*\",\"Resource\":\"*\"}]}"}`),
		dynamodb("GetResourcePolicy", `{"ResourceArn":"NAME"}`), dynamodb("DeleteResourcePolicy", `{"ResourceArn":"NAME"}`),
		dynamodb("DeleteTable", `{"TableName":"NAME"}`),
	}
}

func callsOnKeyPair(named string) []request {
	return []request{form("ec2", "Version=2016-11-15&Action=DeleteKeyPair&"+named)}
}

func callsOnTags(id string) []request {
	return []request{
		form("ec2", "Version=2016-11-15&Action=CreateTags&Tag.1.Key=a&Tag.1.Value=b&ResourceId.1="+id),
		form("ec2", "Version=2016-11-15&Action=DeleteTags&Tag.1.Key=a&ResourceId.1="+id),
	}
}

func callsOnObject(key string) []request {
	bare, _, _ := strings.Cut(key, "?")
	return []request{
		{service: "s3", method: "GET", path: "/bucket/" + key}, {service: "s3", method: "HEAD", path: "/bucket/" + key},
		{service: "s3", method: "GET", path: "/bucket/" + bare + "?tagging"},
		{service: "s3", method: "PUT", path: "/bucket/copy", header: map[string]string{"X-Amz-Copy-Source": "/bucket/" + key}},
		{service: "s3", method: "PUT", path: "/bucket/copy", header: map[string]string{"X-Amz-Copy-Source": "bucket/" + key}},
	}
}
