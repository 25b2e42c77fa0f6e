"""Counts the words of a text in the bucket.

words.py split TEXT FOLDER     writes the parts of the text, and their keys as FOLDER/parts.json
words.py count PART FOLDER     writes the counts of one part to FOLDER/counts/
words.py merge FOLDER          writes the sum of all counts as FOLDER/result.json
"""

import collections
import json
import os
import re
import sys

import boto3

LINES_IN_A_PART = 15

# Here, the local run gives both the bucket and the endpoint. On AWS, the job definition and the job's role do.
bucket = os.environ["DATA_BUCKET"]
s3 = boto3.client("s3")


def read(key):
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def write(key, text):
    s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
    print("wrote", key)


def split(text, folder):
    lines = read(text).splitlines()
    parts = []
    for start in range(0, len(lines), LINES_IN_A_PART):
        parts.append(f"{folder}/parts/{start // LINES_IN_A_PART}.txt")
        write(parts[-1], "\n".join(lines[start : start + LINES_IN_A_PART]))
    write(f"{folder}/parts.json", json.dumps(parts))


def count(part, folder):
    words = re.findall(r"[a-z']+", read(part).lower())
    name = os.path.splitext(os.path.basename(part))[0]
    write(f"{folder}/counts/{name}.json", json.dumps(collections.Counter(words)))


def merge(folder):
    total = collections.Counter()
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{folder}/counts/")
    for page in pages:
        for found in page.get("Contents", []):
            total.update(json.loads(read(found["Key"])))
    result = {"words": total.total(), "different": len(total), "most": dict(total.most_common(10))}
    write(f"{folder}/result.json", json.dumps(result))


command, *arguments = sys.argv[1:]
{"split": split, "count": count, "merge": merge}[command](*arguments)
