package wire

import (
	"net/http"
	"strings"
)

// A route is one HTTP binding of Lambda's API model. A segment in braces stands for any one segment; a query parameter must be
// there as written.
type route struct{ method, path, query, operation string }

// restJSONOperation tells the operation of a Lambda request; empty if no binding fits.
func restJSONOperation(r *http.Request) string {
	if r.URL == nil {
		return ""
	}
	path := strings.TrimSuffix(r.URL.EscapedPath(), "/")
	found := ""
	for i := range lambdaRoutes {
		route := &lambdaRoutes[i]
		if route.method != r.Method || !samePath(route.path, path) {
			continue
		}
		if route.query == "" {
			found = route.operation
			continue
		}
		for name, value := range queryParameters(r.URL.RawQuery) {
			if name+"="+value == route.query {
				return route.operation
			}
		}
	}
	return found
}

// samePath compares a path, still encoded, with the template of a binding.
func samePath(template, path string) bool {
	for more := true; more; {
		var want, got string
		var moreGot bool
		want, template, more = strings.Cut(template, "/")
		got, path, moreGot = strings.Cut(path, "/")
		if more != moreGot || want != got && (want != "{}" || got == "") {
			return false
		}
	}
	return true
}

// lambdaRoutes are in the order of their paths.
var lambdaRoutes = [...]route{
	{"POST", "/2014-11-13/functions/{}/invoke-async", "", "InvokeAsync"},
	{"GET", "/2015-03-31/event-source-mappings", "", "ListEventSourceMappings"},
	{"POST", "/2015-03-31/event-source-mappings", "", "CreateEventSourceMapping"},
	{"DELETE", "/2015-03-31/event-source-mappings/{}", "", "DeleteEventSourceMapping"},
	{"GET", "/2015-03-31/event-source-mappings/{}", "", "GetEventSourceMapping"},
	{"PUT", "/2015-03-31/event-source-mappings/{}", "", "UpdateEventSourceMapping"},
	{"GET", "/2015-03-31/functions", "", "ListFunctions"},
	{"POST", "/2015-03-31/functions", "", "CreateFunction"},
	{"DELETE", "/2015-03-31/functions/{}", "", "DeleteFunction"},
	{"GET", "/2015-03-31/functions/{}", "", "GetFunction"},
	{"GET", "/2015-03-31/functions/{}/aliases", "", "ListAliases"},
	{"POST", "/2015-03-31/functions/{}/aliases", "", "CreateAlias"},
	{"DELETE", "/2015-03-31/functions/{}/aliases/{}", "", "DeleteAlias"},
	{"GET", "/2015-03-31/functions/{}/aliases/{}", "", "GetAlias"},
	{"PUT", "/2015-03-31/functions/{}/aliases/{}", "", "UpdateAlias"},
	{"PUT", "/2015-03-31/functions/{}/code", "", "UpdateFunctionCode"},
	{"GET", "/2015-03-31/functions/{}/configuration", "", "GetFunctionConfiguration"},
	{"PUT", "/2015-03-31/functions/{}/configuration", "", "UpdateFunctionConfiguration"},
	{"POST", "/2015-03-31/functions/{}/invocations", "", "Invoke"},
	{"GET", "/2015-03-31/functions/{}/policy", "", "GetPolicy"},
	{"POST", "/2015-03-31/functions/{}/policy", "", "AddPermission"},
	{"DELETE", "/2015-03-31/functions/{}/policy/{}", "", "RemovePermission"},
	{"GET", "/2015-03-31/functions/{}/versions", "", "ListVersionsByFunction"},
	{"POST", "/2015-03-31/functions/{}/versions", "", "PublishVersion"},
	{"GET", "/2016-08-19/account-settings", "", "GetAccountSettings"},
	{"DELETE", "/2017-03-31/tags/{}", "", "UntagResource"},
	{"GET", "/2017-03-31/tags/{}", "", "ListTags"},
	{"POST", "/2017-03-31/tags/{}", "", "TagResource"},
	{"DELETE", "/2017-10-31/functions/{}/concurrency", "", "DeleteFunctionConcurrency"},
	{"PUT", "/2017-10-31/functions/{}/concurrency", "", "PutFunctionConcurrency"},
	{"GET", "/2018-10-31/layers", "", "ListLayers"},
	{"GET", "/2018-10-31/layers/{}/versions", "", "ListLayerVersions"},
	{"POST", "/2018-10-31/layers/{}/versions", "", "PublishLayerVersion"},
	{"DELETE", "/2018-10-31/layers/{}/versions/{}", "", "DeleteLayerVersion"},
	{"GET", "/2018-10-31/layers/{}/versions/{}", "", "GetLayerVersion"},
	{"GET", "/2018-10-31/layers/{}/versions/{}/policy", "", "GetLayerVersionPolicy"},
	{"POST", "/2018-10-31/layers/{}/versions/{}/policy", "", "AddLayerVersionPermission"},
	{"DELETE", "/2018-10-31/layers/{}/versions/{}/policy/{}", "", "RemoveLayerVersionPermission"},
	{"GET", "/2018-10-31/layers", "find=LayerVersion", "GetLayerVersionByArn"},
	{"DELETE", "/2019-09-25/functions/{}/event-invoke-config", "", "DeleteFunctionEventInvokeConfig"},
	{"GET", "/2019-09-25/functions/{}/event-invoke-config", "", "GetFunctionEventInvokeConfig"},
	{"POST", "/2019-09-25/functions/{}/event-invoke-config", "", "UpdateFunctionEventInvokeConfig"},
	{"PUT", "/2019-09-25/functions/{}/event-invoke-config", "", "PutFunctionEventInvokeConfig"},
	{"GET", "/2019-09-25/functions/{}/event-invoke-config/list", "", "ListFunctionEventInvokeConfigs"},
	{"GET", "/2019-09-30/functions/{}/concurrency", "", "GetFunctionConcurrency"},
	{"DELETE", "/2019-09-30/functions/{}/provisioned-concurrency", "", "DeleteProvisionedConcurrencyConfig"},
	{"GET", "/2019-09-30/functions/{}/provisioned-concurrency", "", "GetProvisionedConcurrencyConfig"},
	{"PUT", "/2019-09-30/functions/{}/provisioned-concurrency", "", "PutProvisionedConcurrencyConfig"},
	{"GET", "/2019-09-30/functions/{}/provisioned-concurrency", "List=ALL", "ListProvisionedConcurrencyConfigs"},
	{"GET", "/2020-04-22/code-signing-configs", "", "ListCodeSigningConfigs"},
	{"POST", "/2020-04-22/code-signing-configs", "", "CreateCodeSigningConfig"},
	{"DELETE", "/2020-04-22/code-signing-configs/{}", "", "DeleteCodeSigningConfig"},
	{"GET", "/2020-04-22/code-signing-configs/{}", "", "GetCodeSigningConfig"},
	{"PUT", "/2020-04-22/code-signing-configs/{}", "", "UpdateCodeSigningConfig"},
	{"GET", "/2020-04-22/code-signing-configs/{}/functions", "", "ListFunctionsByCodeSigningConfig"},
	{"DELETE", "/2020-06-30/functions/{}/code-signing-config", "", "DeleteFunctionCodeSigningConfig"},
	{"GET", "/2020-06-30/functions/{}/code-signing-config", "", "GetFunctionCodeSigningConfig"},
	{"PUT", "/2020-06-30/functions/{}/code-signing-config", "", "PutFunctionCodeSigningConfig"},
	{"GET", "/2021-07-20/functions/{}/runtime-management-config", "", "GetRuntimeManagementConfig"},
	{"PUT", "/2021-07-20/functions/{}/runtime-management-config", "", "PutRuntimeManagementConfig"},
	{"DELETE", "/2021-10-31/functions/{}/url", "", "DeleteFunctionUrlConfig"},
	{"GET", "/2021-10-31/functions/{}/url", "", "GetFunctionUrlConfig"},
	{"POST", "/2021-10-31/functions/{}/url", "", "CreateFunctionUrlConfig"},
	{"PUT", "/2021-10-31/functions/{}/url", "", "UpdateFunctionUrlConfig"},
	{"GET", "/2021-10-31/functions/{}/urls", "", "ListFunctionUrlConfigs"},
	{"POST", "/2021-11-15/functions/{}/response-streaming-invocations", "", "InvokeWithResponseStream"},
	{"GET", "/2024-08-31/functions/{}/recursion-config", "", "GetFunctionRecursionConfig"},
	{"PUT", "/2024-08-31/functions/{}/recursion-config", "", "PutFunctionRecursionConfig"},
}
