//! Random number generators for tests: deterministic ones, and one that fails. The unit tests of both crates
//! include this file too.

use rand_core::{TryCryptoRng, TryRng};

/// Deterministic pseudo-random numbers (SplitMix64).
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counted(u64);

impl Counted {
    pub const fn seeded(seed: u64) -> Self {
        Self(seed)
    }
}

impl TryRng for Counted {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        Ok(mixed ^ mixed >> 31)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.try_next_u64()?.to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counted {}

/// Gives 16 bytes, for a nonce, and then the numbers of [`Counted`].
pub struct Beginning(Option<[u8; 16]>, Counted);

impl Beginning {
    pub fn with(bytes: [u8; 16]) -> Self {
        Self(Some(bytes), Counted::default())
    }
}

impl TryRng for Beginning {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.1.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.1.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        match self.0.take() {
            Some(first) if bytes.len() == first.len() => bytes.copy_from_slice(&first),
            first => {
                self.0 = first;
                self.1.try_fill_bytes(bytes)?;
            }
        }
        Ok(())
    }
}

impl TryCryptoRng for Beginning {}

/// Fails after a given number of calls. Until then it gives the numbers of [`Counted`], or one byte over and over.
pub struct Limited {
    byte: Option<u8>,
    numbers: Counted,
    allowed: u32,
    /// The calls so far, failed ones included.
    pub calls: u32,
}

impl Limited {
    pub const fn to(allowed: u32) -> Self {
        Self {
            byte: None,
            numbers: Counted::seeded(0),
            allowed,
            calls: 0,
        }
    }

    /// Gives only this byte.
    pub const fn repeating(self, byte: u8) -> Self {
        Self {
            byte: Some(byte),
            ..self
        }
    }
}

impl TryRng for Limited {
    type Error = std::fmt::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.calls += 1;
        if self.calls > self.allowed {
            return Err(std::fmt::Error);
        }
        match self.byte {
            Some(byte) => bytes.fill(byte),
            None => match self.numbers.try_fill_bytes(bytes) {
                Ok(()) => {}
            },
        }
        Ok(())
    }
}

impl TryCryptoRng for Limited {}
