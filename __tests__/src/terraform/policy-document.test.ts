import { policyDocument } from "../../../src/terraform/policy-document";

test("placeholders become data sources and variables; other templates are text", () => {
  const statements = [
    {
      sid: "InvokeHttp",
      actions: ["states:InvokeHTTPEndpoint"],
      resources: ["*"],
      conditions: [
        { test: "StringLike", variable: "states:HTTPEndpoint", values: ["https://a/${!x}%{b}"] },
        { test: "StringEquals", variable: "states:HTTPMethod", values: ["GET"] },
      ],
    },
    {
      sid: "SubmitJobs",
      actions: ["batch:SubmitJob"],
      resources: ["${JobQueueArn}", "arn:${Partition}:batch:${Region}:${AccountId}:job-definition/*"],
    },
  ] as const;
  expect(policyDocument("my-orders", statements)).toBe(`variable "job_queue_arn" {
  type = string
}

data "aws_caller_identity" "current" {
}

data "aws_partition" "current" {
}

data "aws_region" "current" {
}

data "aws_iam_policy_document" "my_orders" {
  statement {
    sid       = "InvokeHttp"
    actions   = ["states:InvokeHTTPEndpoint"]
    resources = ["*"]

    condition {
      test     = "StringLike"
      variable = "states:HTTPEndpoint"
      values   = ["https://a/$\${x}%%{b}"]
    }

    condition {
      test     = "StringEquals"
      variable = "states:HTTPMethod"
      values   = ["GET"]
    }
  }

  statement {
    sid     = "SubmitJobs"
    actions = ["batch:SubmitJob"]
    resources = [
      var.job_queue_arn,
      "arn:\${data.aws_partition.current.partition}:batch:\${data.aws_region.current.region}:\${data.aws_caller_identity.current.account_id}:job-definition/*",
    ]
  }
}
`);
});
