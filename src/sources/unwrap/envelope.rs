//! The envelope that EventBridge puts around what it is given.

/// The account of events whose input does not tell it.
pub const ACCOUNT_DEFAULT: &str = "123456789012";
/// The Region of events whose input does not tell it.
pub const REGION_DEFAULT: &str = "us-east-1";
/// The time of events whose input does not tell it. Fixed, so that two replays of one file are equal.
pub const TIME_DEFAULT: &str = "1970-01-01T00:00:00Z";

/// The members of an envelope, each as it is spelled in JSON.
pub(super) struct Envelope<'a> {
    pub(super) detail_type: &'a [u8],
    pub(super) source: &'a [u8],
    pub(super) account: &'a [u8],
    pub(super) time: &'a [u8],
    pub(super) region: &'a [u8],
    pub(super) resources: &'a [u8],
    pub(super) detail: &'a [u8],
}

impl Envelope<'_> {
    /// The event. Its id depends on its content and on `salt` alone.
    pub(super) fn event(&self, salt: [u64; 2]) -> Vec<u8> {
        let id = quoted(&self.id(salt));
        let members: [(&str, &[u8]); 9] = [
            ("{\"version\":", b"\"0\""),
            (",\"id\":", &id),
            (",\"detail-type\":", self.detail_type),
            (",\"source\":", self.source),
            (",\"account\":", self.account),
            (",\"time\":", self.time),
            (",\"region\":", self.region),
            (",\"resources\":", self.resources),
            (",\"detail\":", self.detail),
        ];
        let mut event = Vec::with_capacity(self.detail.len() + 512);
        for (name, value) in members {
            event.extend_from_slice(name.as_bytes());
            event.extend_from_slice(value);
        }
        event.push(b'}');
        event
    }

    /// A UUID of version 8 (RFC 9562, 5.8: any content), made of a 128-bit FNV-1a hash.
    fn id(&self, salt: [u64; 2]) -> String {
        let content = [self.detail_type, self.source, self.time, self.detail];
        let salt = salt.map(u64::to_le_bytes);
        let bytes = content.into_iter().flatten().chain(salt.iter().flatten());
        let hash = bytes.fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
            (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        });
        let hash = hash & !(0xf << 76) & !(0b11 << 62) | 8 << 76 | 0b10 << 62;
        let hex = format!("{hash:032x}");
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }
}

/// `text` as a JSON string; for texts without anything to escape.
pub(super) fn quoted(text: &str) -> Vec<u8> {
    format!("\"{text}\"").into_bytes()
}
