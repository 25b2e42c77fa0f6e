"""What a job does with s3fs. The folder many/ has 2,500 objects."""
import os

import s3fs

fs = s3fs.S3FileSystem()
bucket = os.environ["DATA_BUCKET"]
large = bytes(range(256)) * 90_000  # 22 MiB, in parts

with fs.open(f"{bucket}/s3fs/a ü+%.txt", "wb") as file:
    file.write(b"0123456789")
assert fs.cat_file(f"{bucket}/s3fs/a ü+%.txt", start=3, end=6) == b"345"
with fs.open(f"{bucket}/s3fs/large", "wb", block_size=5 * 2**20) as file:
    file.write(large)
assert fs.cat_file(f"{bucket}/s3fs/large") == large
with fs.open(f"{bucket}/s3fs/large", "rb") as file:
    file.seek(20_000_000)
    assert file.read(10) == large[20_000_000:20_000_010]
fs.copy(f"{bucket}/s3fs/large", f"{bucket}/s3fs/copy")
assert fs.info(f"{bucket}/s3fs/copy")["size"] == len(large)
fs.pipe_file(f"{bucket}/s3fs/deep/er/x", b"x")
assert sorted(fs.ls(f"{bucket}/s3fs")) == [f"{bucket}/s3fs/{name}" for name in ("a ü+%.txt", "copy", "deep", "large")]
assert fs.isdir(f"{bucket}/s3fs/deep") and not fs.exists(f"{bucket}/s3fs/none")
assert len(fs.find(f"{bucket}/many")) == 2500
fs.rm(f"{bucket}/many", recursive=True)
assert not fs.exists(f"{bucket}/many/0001")
print("s3fs is content")
