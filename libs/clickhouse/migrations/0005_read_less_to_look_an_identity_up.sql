-- A hash does not compress, and whoever looks one up reads a granule of 256 rows: 4096 bytes, where it was a block of 65536.
-- Parts that are there keep their blocks until they are merged.
ALTER TABLE usage_identities ${on_cluster} MODIFY COLUMN identity FixedString(16) CODEC(NONE) SETTINGS (min_compress_block_size = 4096, max_compress_block_size = 4096);
