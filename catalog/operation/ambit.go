package operation

// ambitRows are the calls of our own service: why requests were answered as they were, and which accounts there are. They
// pass the same door as all others; an administrator's "*" includes them, and a boundary that is silent about them does not.
var ambitRows = [...]Row{
	{
		Service: "ambit", Name: "AddAccount", Mode: Write,
		Questions: []Question{{Action: "ambit:AddAccount", Resource: everything}},
		Source:    "docs/architecture.md",
	},
	// It lifts limits, and still has no effects: only the root user of the first account may call it, which no delegate is.
	{
		Service: "ambit", Name: "ApplyOrganization", Mode: Write,
		Questions: []Question{{Action: "ambit:ApplyOrganization", Resource: everything}},
		Source:    "docs/architecture.md",
	},
	{
		Service: "ambit", Name: "DescribeInstanceEndpoints", Mode: Read,
		Questions: []Question{{Action: "ambit:DescribeInstanceEndpoints", Resource: everything}},
		Source:    "docs/architecture.md",
	},
	{
		Service: "ambit", Name: "ExplainDecision", Mode: Read,
		Questions: []Question{{Action: "ambit:ExplainDecision", Resource: everything}},
		Source:    "docs/architecture.md",
	},
}
