import { UsageError } from "../../../src/base/errors";
import type { Json } from "../../../src/base/json";
import { toHcl } from "../../../src/terraform/hcl";

/** A value, as that of an output. */
function written(value: Json): string {
  const generated = 'output "o" {\nvalue = {\n}\n}';
  return toHcl({ output: { o: { value } } }, generated).replace(/^output "o" \{\n {2}value = (.*)\n\}\n$/s, "$1");
}

test.each<[string, Json, string]>([
  ["text", "a b", '"a b"'],
  ["a reference", "${aws_vpc.my-vpc.id}", "aws_vpc.my-vpc.id"],
  ["a reference in text", "arn:${data.aws_partition.p.partition}:x", '"arn:${data.aws_partition.p.partition}:x"'],
  ["an expression", '${ join("-", ["a", "}${x.y}"]) }', 'join("-", ["a", "}${x.y}"])'],
  ["an expression beside another", "${x.y}${x.z}", '"${x.y}${x.z}"'],
  ["an expression in lines", "${[\n1]}", '"${[\n1]}"'],
  ["an expression that strips", "${~ x.y ~}", '"${~ x.y ~}"'],
  ["an expression without an end", '${x "', '"${x ""'],
  ["an escaped quote in an expression", '${f("\\"}")}"', '"${f("\\"}")}\\""'],
  ["a directive", '%{ if x.y }"%{ endif }', '"%{ if x.y }\\"%{ endif }"'],
  ["JSON with a reference", '{"a":"${x.y}","b":"$.c"}', '"{\\"a\\":\\"${x.y}\\",\\"b\\":\\"$.c\\"}"'],
  ["JSON in JSON", '{"a":"{\\"b\\"}"}', '"{\\"a\\":\\"{\\\\\\"b\\\\\\"}\\"}"'],
  ["literal templates", '$${"a"} and %%{"b"}', '"$${\\"a\\"} and %%{\\"b\\"}"'],
  ["literal templates in an expression", '${f("$${a", "%%{b")}"', '"${f("$${a", "%%{b")}\\""'],
  ["lines, tabs and other control characters", "a\r\n\tb\u0001\b", '"a\\r\\n\\tb\\u0001\\u0008"'],
  ["what looks like a number, a list or an object", ["1", "[a]", "{b}"], '[\n    "1",\n    "[a]",\n    "{b}",\n  ]'],
  ["numbers, truth values and nothing", [1.5, true, null], "[\n    1.5,\n    true,\n    null,\n  ]"],
  ["a list of one", ["a"], '["a"]'],
  ["an empty list", { a: [] }, "{\n    a = []\n  }"],
  [
    "an object, its equals signs in a column",
    { a: 1, "b/c": 2, for: 3 },
    '{\n    a     = 1\n    "b/c" = 2\n    "for" = 3\n  }',
  ],
  ["a list of an object", { a: [{ b: "c" }] }, '{\n    a = [{\n      b = "c"\n    }]\n  }'],
  ["an empty object", {}, "{}"],
])("writes %s", (_, value, hcl) => {
  expect(written(value)).toBe(hcl);
});

test("every kind of block is written, in the language's order, without CDKTF's comments", () => {
  const configuration = {
    "//": { metadata: {} },
    moved: [{ from: "x.old", to: "x.y" }],
    output: { o: { value: 1, depends_on: ["x.y"], precondition: [{ condition: "${x.y}", error_message: "m" }] } },
    resource: {
      x: {
        y: {
          "//": { metadata: {} },
          depends_on: ["x.a", "x.b"],
          provider: "p.other",
          lifecycle: { ignore_changes: "all", replace_triggered_by: ["${x.a.id}"] },
          setting: [{ name: "n" }, { name: "m", tags: { provider: "text" } }],
        },
      },
    },
    data: { x: { d: {} } },
    ephemeral: { x: { e: { arguments: ["a"] } } },
    provider: { p: [{ region: "r" }, { alias: "other" }] },
    variable: { v: { type: "list(string)" } },
    terraform: {
      required_version: ">= 1.10",
      backend: { s3: { bucket: "b" } },
      cloud: { workspaces: { name: "w" } },
      required_providers: { p: { source: "s" } },
    },
  };
  const generated = [
    "terraform {\nworkspaces {\n}\n  p = {\n}\n}",
    'resource "x" "y" {\nsetting {\n}\nsetting {\ntags = {\n}\n}\n}',
  ].join("\n");
  expect(toHcl(configuration, generated)).toBe(`terraform {
  required_version = ">= 1.10"

  backend "s3" {
    bucket = "b"
  }

  cloud {
    workspaces {
      name = "w"
    }
  }

  required_providers {
    p = {
      source = "s"
    }
  }
}

variable "v" {
  type = list(string)
}

provider "p" {
  region = "r"
}

provider "p" {
  alias = "other"
}

ephemeral "x" "e" {
  arguments = ["a"]
}

data "x" "d" {
}

resource "x" "y" {
  depends_on = [
    x.a,
    x.b,
  ]
  provider = p.other

  lifecycle {
    ignore_changes       = all
    replace_triggered_by = [x.a.id]
  }

  setting {
    name = "n"
  }

  setting {
    name = "m"
    tags = {
      provider = "text"
    }
  }
}

moved {
  from = x.old
  to   = x.y
}

output "o" {
  value      = 1
  depends_on = [x.y]

  precondition {
    condition     = x.y
    error_message = "m"
  }
}
`);
});

test.each<[string, Record<string, Json>, string, string]>([
  [
    "a kind of block that is not known",
    { removed: [{ from: "a" }] },
    "",
    "`removed` cannot be written as HCL: its blocks are not known; eject without it",
  ],
  [
    "an object of which CDKTF says nothing",
    { ephemeral: { x: { y: { setting: { a: 1 } } } } },
    "",
    '`setting` in `ephemeral "x" "y"` cannot be written as HCL: CDKTF does not say whether it is a block; eject without it',
  ],
  [
    "an object of which CDKTF says both",
    { data: { x: { y: { filter: { filter: {} } } } } },
    'data "x" "y" {\nfilter {\nfilter = {\n}\n}\n}',
    '`filter` in `data "x" "y"` cannot be written as HCL: CDKTF does not say whether it is a block; eject without it',
  ],
  [
    "a block that is no object",
    { resource: { x: { y: "text" } } },
    "",
    '`resource "x" "y"` cannot be written as HCL: it is not an object',
  ],
])("refuses %s", (_, configuration, generated, message) => {
  expect(() => toHcl(configuration, generated)).toThrow(new UsageError(message));
});
