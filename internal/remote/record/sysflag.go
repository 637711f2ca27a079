package record

// System flags of a message (Java: MessageSysFlag).
const (
	// FlagCompressed says that the body is compressed, see FlagCompressionMask.
	FlagCompressed int32 = 0x1
	// FlagMultiTags is set on messages with several tags.
	FlagMultiTags int32 = 0x2
	// FlagTransactionMask covers the two transaction bits: none, prepared, commit or rollback.
	FlagTransactionMask int32 = 0xC
	// FlagTransactionPrepared marks a half message.
	FlagTransactionPrepared int32 = 0x4
	// FlagTransactionCommit marks a committed message.
	FlagTransactionCommit int32 = 0x8
	// FlagTransactionRollback marks a rolled back message.
	FlagTransactionRollback int32 = 0xC
	// FlagBornHostV6 says that the host of birth takes 16 + 4 bytes.
	FlagBornHostV6 int32 = 0x10
	// FlagStoreHostV6 says that the storing host takes 16 + 4 bytes.
	FlagStoreHostV6 int32 = 0x20
	// FlagNeedUnwrap says that the body holds inner messages which the client splits.
	FlagNeedUnwrap int32 = 0x40
	// FlagInnerBatch marks a record that stands for several messages.
	FlagInnerBatch int32 = 0x80
	// FlagCompressionMask covers the three bits of the compression type.
	FlagCompressionMask int32 = 0x700

	compressionShift = 8
)
