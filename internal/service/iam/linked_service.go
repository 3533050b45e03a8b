package iam

import "strings"

// A linkedService is a service that has a role of its own in accounts.
type linkedService struct {
	role   string // what its name has after "AWSServiceRoleFor"
	suffix bool   // a custom suffix makes further ones
}

// linkedServices are services with service-linked roles, by service principal. Sources: "AWS services that work with IAM", IAM
// User Guide, and the pages "Using service-linked roles" of the services' own guides.
var linkedServices = map[string]linkedService{
	"access-analyzer.amazonaws.com":                          {role: "AccessAnalyzer"},
	"appstream.application-autoscaling.amazonaws.com":        {role: "ApplicationAutoScaling_AppStreamFleet"},
	"autoscaling.amazonaws.com":                              {role: "AutoScaling", suffix: true},
	"backup.amazonaws.com":                                   {role: "Backup"},
	"batch.amazonaws.com":                                    {role: "Batch"},
	"cks.kms.amazonaws.com":                                  {role: "KeyManagementServiceCustomKeyStores"},
	"cloudtrail.amazonaws.com":                               {role: "CloudTrail"},
	"codestar-notifications.amazonaws.com":                   {role: "CodeStarNotifications"},
	"config.amazonaws.com":                                   {role: "Config"},
	"connect.amazonaws.com":                                  {role: "AmazonConnect", suffix: true},
	"custom-resource.application-autoscaling.amazonaws.com":  {role: "ApplicationAutoScaling_CustomResource"},
	"dax.amazonaws.com":                                      {role: "DAX"},
	"dynamodb.application-autoscaling.amazonaws.com":         {role: "ApplicationAutoScaling_DynamoDBTable"},
	"ec2.application-autoscaling.amazonaws.com":              {role: "ApplicationAutoScaling_EC2SpotFleetRequest"},
	"ec2fleet.amazonaws.com":                                 {role: "EC2Fleet"},
	"ecs.amazonaws.com":                                      {role: "ECS"},
	"ecs.application-autoscaling.amazonaws.com":              {role: "ApplicationAutoScaling_ECSService"},
	"eks-fargate.amazonaws.com":                              {role: "AmazonEKSForFargate"},
	"eks-nodegroup.amazonaws.com":                            {role: "AmazonEKSNodegroup"},
	"eks.amazonaws.com":                                      {role: "AmazonEKS"},
	"elasticache.amazonaws.com":                              {role: "ElastiCache"},
	"elasticbeanstalk.amazonaws.com":                         {role: "ElasticBeanstalk"},
	"elasticloadbalancing.amazonaws.com":                     {role: "ElasticLoadBalancing"},
	"elasticmapreduce.amazonaws.com":                         {role: "EMRCleanup"},
	"elasticmapreduce.application-autoscaling.amazonaws.com": {role: "ApplicationAutoScaling_EMRInstanceGroup"},
	"email.cognito-idp.amazonaws.com":                        {role: "AmazonCognitoIdpEmailService"},
	"es.amazonaws.com":                                       {role: "AmazonElasticsearchService"},
	"events.amazonaws.com":                                   {role: "CloudWatchEvents"},
	"fsx.amazonaws.com":                                      {role: "AmazonFSx"},
	"globalaccelerator.amazonaws.com":                        {role: "GlobalAccelerator"},
	"guardduty.amazonaws.com":                                {role: "AmazonGuardDuty"},
	"inspector2.amazonaws.com":                               {role: "AmazonInspector2"},
	"kafka.amazonaws.com":                                    {role: "Kafka"},
	"lambda.application-autoscaling.amazonaws.com":           {role: "ApplicationAutoScaling_LambdaConcurrency"},
	"lex.amazonaws.com":                                      {role: "LexBots"},
	"lexv2.amazonaws.com":                                    {role: "LexV2Bots", suffix: true},
	"maintenance.elasticbeanstalk.amazonaws.com":             {role: "ElasticBeanstalkMaintenance"},
	"managedupdates.elasticbeanstalk.amazonaws.com":          {role: "ElasticBeanstalkManagedUpdates"},
	"mrk.kms.amazonaws.com":                                  {role: "KeyManagementServiceMultiRegionKeys"},
	"opensearchservice.amazonaws.com":                        {role: "AmazonOpenSearchService"},
	"ops.apigateway.amazonaws.com":                           {role: "APIGateway"},
	"organizations.amazonaws.com":                            {role: "Organizations"},
	"rds.amazonaws.com":                                      {role: "RDS"},
	"rds.application-autoscaling.amazonaws.com":              {role: "ApplicationAutoScaling_RDSCluster"},
	"redshift.amazonaws.com":                                 {role: "Redshift"},
	"replication.dynamodb.amazonaws.com":                     {role: "DynamoDBReplication"},
	"replicator.lambda.amazonaws.com":                        {role: "LambdaReplicator"},
	"sagemaker.application-autoscaling.amazonaws.com":        {role: "ApplicationAutoScaling_SageMakerEndpoint"},
	"securityhub.amazonaws.com":                              {role: "SecurityHub"},
	"spot.amazonaws.com":                                     {role: "EC2Spot"},
	"spotfleet.amazonaws.com":                                {role: "EC2SpotFleet"},
	"ssm.amazonaws.com":                                      {role: "AmazonSSM"},
	"sso.amazonaws.com":                                      {role: "SSO"},
	"support.amazonaws.com":                                  {role: "Support"},
	"transitgateway.amazonaws.com":                           {role: "VPCTransitGateway"},
	"trustedadvisor.amazonaws.com":                           {role: "TrustedAdvisor"},
	"wafv2.amazonaws.com":                                    {role: "WAFV2Logging"},
}

// linkedRoleName is the name of the service-linked role of a service. Of a service that is not known it is what is judged before
// the caller is told so.
func linkedRoleName(principal, suffix string) string {
	name, _, _ := strings.Cut(principal, ".")
	if known, ok := linkedServices[principal]; ok {
		name = known.role
	}
	name = "AWSServiceRoleFor" + name
	if suffix != "" {
		name += "_" + suffix
	}
	return name
}
