package s3

// A sumsOf output has the members in which answers name the checksum of an object or of a part: at most one of them.
type sumsOf struct {
	ChecksumCRC32     *string
	ChecksumCRC32C    *string
	ChecksumCRC64NVME *string
	ChecksumMD5       *string
	ChecksumSHA1      *string
	ChecksumSHA256    *string
	ChecksumSHA512    *string
	ChecksumType      *string
}

// sumsIn are the members for a checksum; none without one.
func sumsIn(c *checksum) (s sumsOf) {
	if c == nil {
		return s
	}
	s.ChecksumType = &c.Type
	switch c.Algorithm {
	case "CRC32":
		s.ChecksumCRC32 = &c.Value
	case "CRC32C":
		s.ChecksumCRC32C = &c.Value
	case "CRC64NVME":
		s.ChecksumCRC64NVME = &c.Value
	case "MD5":
		s.ChecksumMD5 = &c.Value
	case "SHA1":
		s.ChecksumSHA1 = &c.Value
	case "SHA256":
		s.ChecksumSHA256 = &c.Value
	case "SHA512":
		s.ChecksumSHA512 = &c.Value
	}
	return s
}
