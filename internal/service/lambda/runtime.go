package lambda

import (
	"slices"
	"strings"
)

// supported are the runtimes that functions can be created with, retired those that they could (Developer Guide, "Lambda runtimes").
var (
	supported = []string{
		"nodejs20.x", "provided.al2023", "python3.12", "java17", "nodejs24.x", "python3.14", "dotnet8", "python3.10", "java11",
		"python3.11", "java25", "nodejs22.x", "java21", "provided.al2", "ruby3.3", "ruby3.4", "python3.13", "java8.al2", "ruby3.2",
		"python3.9", "dotnet10", "ruby4.0",
	}
	retired = []string{
		"nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x", "nodejs16.x",
		"nodejs18.x", "python2.7", "python3.6", "python3.7", "python3.8", "java8", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1",
		"dotnetcore3.1", "dotnet6", "go1.x", "ruby2.5", "ruby2.7", "provided",
	}
)

// checkRuntime refuses runtimes that nobody can choose.
func checkRuntime(runtime *string) error {
	switch {
	case runtime == nil, slices.Contains(supported, *runtime):
		return nil
	case slices.Contains(retired, *runtime):
		return invalid("The runtime parameter of " + *runtime + " is no longer supported for creating or updating AWS Lambda functions. " +
			"We recommend you use a supported runtime while creating or updating functions.")
	}
	return invalid("Value " + clip(*runtime) + " at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [" +
		strings.Join(supported, ", ") + "] or be a valid ARN")
}

// runs refuses runtimes that nothing here runs.
func (l *lambda) runs(runtime string) error {
	if l.plane().runner.Runs(runtime) {
		return nil
	}
	return unserved("Runtime "+runtime, "functions run on Node.js, Python and bootstraps of their own (provided.al2023)")
}
