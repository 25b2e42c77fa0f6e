"""Summarizes the measurements of one sample.

analyse.py SAMPLE FILE RESULT     reads the CSV file FILE, and writes the summary as RESULT, both in the bucket
"""

import csv
import hashlib
import hmac
import json
import os
import statistics
import sys
import tempfile

import boto3

sample, file, result = sys.argv[1:]
bucket = os.environ["DATA_BUCKET"]
s3 = boto3.client("s3")

with tempfile.TemporaryDirectory() as scratch:
    path = os.path.join(scratch, "sample.csv")
    s3.download_file(bucket, file, path)
    with open(path, newline="") as rows:
        values = [float(row["value"]) for row in csv.DictReader(rows)]

# The name of a sample may tell whose it is. Only somebody with the key can compute the pseudonym from it.
key = os.environ["PSEUDONYM_KEY"].encode()
pseudonym = hmac.new(key, sample.encode(), hashlib.sha256).hexdigest()[:12]
summary = {"sample": pseudonym, "values": len(values), "mean": round(statistics.mean(values), 3)}
s3.put_object(Bucket=bucket, Key=result, Body=json.dumps(summary).encode())
print(sample, "has", len(values), "values")
