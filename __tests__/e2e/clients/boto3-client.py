"""What a job does with boto3. The folder many/ has 2,500 objects."""
import io
import os
import urllib.request

import boto3

s3 = boto3.client("s3")
bucket = os.environ["DATA_BUCKET"]
large = bytes(range(256)) * 90_000  # 22 MiB

key = "boto3/a ü+%&=~(1)/x.txt"
s3.put_object(Bucket=bucket, Key=key, Body=b"0123456789")
assert s3.get_object(Bucket=bucket, Key=key, Range="bytes=3-5")["Body"].read() == b"345"
assert [one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix="boto3/")["Contents"]] == [key]

s3.upload_fileobj(io.BytesIO(large), bucket, "boto3/large")
target = io.BytesIO()
s3.download_fileobj(bucket, "boto3/large", target)
assert target.getvalue() == large
s3.copy({"Bucket": bucket, "Key": "boto3/large"}, bucket, "boto3/copy")
assert s3.get_object(Bucket=bucket, Key="boto3/copy")["Body"].read() == large
s3.copy_object(Bucket=bucket, Key="boto3/small", CopySource={"Bucket": bucket, "Key": key})
assert s3.head_object(Bucket=bucket, Key="boto3/small")["ContentLength"] == 10

url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "boto3/signed"})
urllib.request.urlopen(urllib.request.Request(url, data=b"signed", method="PUT"))
url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "boto3/signed"})
assert urllib.request.urlopen(url).read() == b"signed"

for version in ("list_objects_v2", "list_objects"):
    pages = list(s3.get_paginator(version).paginate(Bucket=bucket, Prefix="many/"))
    assert [len(page["Contents"]) for page in pages] == [1000, 1000, 500]
boto3.resource("s3").Bucket(bucket).objects.filter(Prefix="many/").delete()
assert "Contents" not in s3.list_objects_v2(Bucket=bucket, Prefix="many/")

try:
    s3.head_object(Bucket=bucket, Key="boto3/none")
    raise AssertionError("found an object that does not exist")
except s3.exceptions.ClientError as error:
    assert error.response["Error"]["Code"] == "404"
try:
    s3.put_object(Bucket=bucket, Key="boto3/signed", Body=b"x", IfNoneMatch="*")
    raise AssertionError("replaced an object")
except s3.exceptions.ClientError as error:
    assert error.response["Error"]["Code"] == "PreconditionFailed"
print("boto3 is content")
