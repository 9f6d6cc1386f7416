//! The private operation, by the Chinese remainder theorem (RFC 8017, section 5.2.1, second form), and the schemes on it.

use zeroize::Zeroizing;

use super::blinding::{Factor, Source};
use super::lanes::{Lanes, fused, fused::Fused, plain::Plain};
use super::limbs::{self, Limbs};
use super::montgomery::{Moduli, Residue};
use super::{FUSED_TILE, Kernel, PLAIN_TILE, emsa, exponent, oaep};

/// The numbers of a PKCS#1 private key of two primes (RFC 8017, appendix A.1.2): big-endian, without leading zeros.
#[derive(Clone, Copy)]
#[expect(missing_docs, reason = "they have the names that they have there")]
pub struct PrivateNumbers<'a> {
    pub modulus: &'a [u8],
    pub public_exponent: &'a [u8],
    pub prime1: &'a [u8],
    pub prime2: &'a [u8],
    pub exponent1: &'a [u8],
    pub exponent2: &'a [u8],
    pub coefficient: &'a [u8],
}

/// A private key, ready to sign and to decrypt.
pub struct PrivateKey {
    /// The length of the modulus in bytes.
    size: usize,
    pub(super) numbers: Numbers,
    pub(super) kernel: Kernel<Halves<FUSED_TILE, Fused>, Halves<PLAIN_TILE, Plain>>,
    pub(super) blinding: Source,
}

/// The numbers of a private key, all in limbs of half the modulus but for `n`.
pub(super) struct Numbers {
    pub(super) p: Limbs,
    pub(super) q: Limbs,
    pub(super) dp: Limbs,
    pub(super) dq: Limbs,
    /// 1/q modulo p.
    pub(super) q_inverse: Limbs,
    pub(super) n: Limbs,
    e: u64,
    /// The number of bits of half the modulus. So many of `dp` and `dq` are looked at.
    half_bits: usize,
    /// Both primes are above 2^least_bits.
    least_bits: usize,
}

impl Numbers {
    /// `None` where they do not belong together, as far as can be told without a kernel.
    fn read(parts: &PrivateNumbers<'_>) -> Option<Self> {
        let modulus = parts.modulus;
        let modulus_bits = super::bits_of(modulus);
        let half_bits = modulus_bits.div_ceil(2);
        let count = limbs::count(half_bits);
        let half = |number| limbs::from_bytes(number, half_bits, count);
        let numbers = Self {
            p: half(parts.prime1)?,
            q: half(parts.prime2)?,
            dp: half(parts.exponent1)?,
            dq: half(parts.exponent2)?,
            q_inverse: half(parts.coefficient)?,
            n: limbs::from_bytes(modulus, modulus_bits, 2 * count)?,
            e: exponent(parts.public_exponent)?,
            half_bits,
            // Neither prime is smaller, the other being below 2^half_bits.
            least_bits: modulus_bits - 1 - half_bits,
        };
        let Self { p, q, n, .. } = &numbers;
        let is_product = *limbs::product(p, q) == **n;
        let are_odd = p[0] & q[0] & 1 == 1;
        if !is_product || !are_odd {
            return None;
        }
        let are_inverse = |d, prime| limbs::are_inverse_exponents(numbers.e, d, prime);
        (are_inverse(&numbers.dp, p) && are_inverse(&numbers.dq, q)).then_some(numbers)
    }
}

impl PrivateKey {
    /// Takes the numbers of a key; `None` where they are not those of one key.
    pub fn from_parts(parts: &PrivateNumbers<'_>) -> Option<Self> {
        Self::with_kernel(parts, fused::is_exact())
    }

    #[inline(never)]
    pub(super) fn with_kernel(parts: &PrivateNumbers<'_>, is_exact: Option<fused::IsExact>) -> Option<Self> {
        let numbers = Numbers::read(parts)?;
        let kernel = match is_exact {
            Some(is_exact) => Kernel::Fused(Halves::new(&numbers)?, is_exact),
            None => Kernel::Plain(Halves::new(&numbers)?),
        };
        Some(Self {
            size: parts.modulus.len(),
            blinding: Source::new([&numbers.dp, &numbers.dq]),
            numbers,
            kernel,
        })
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, section 8.2.1); `None` where the check of the signature fails.
    #[inline(never)]
    pub fn sign_pkcs1v15_sha256(&self, message: &[u8]) -> Option<Vec<u8>> {
        let encoded = self.number(&emsa::pkcs1v15_sha256(message, self.size))?;
        let signature = self.root(&encoded)?;
        Some(limbs::to_bytes(&signature, self.size))
    }

    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1, without a label (RFC 8017, section 7.1.2); `None` for anything that is no
    /// ciphertext, whatever is wrong with it.
    #[inline(never)]
    pub fn decrypt_oaep_sha1(&self, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        // Length and value of a ciphertext are public.
        if ciphertext.len() != self.size {
            return None;
        }
        let number = self.number(ciphertext)?;
        if !limbs::is_less(&number, &self.numbers.n) {
            return None;
        }
        let encoded = self.root(&number)?;
        oaep::decode(Zeroizing::new(limbs::to_bytes(&encoded, self.size)))
    }

    /// A number of as many bytes as the modulus.
    fn number(&self, bytes: &[u8]) -> Option<Limbs> {
        limbs::from_bytes(bytes, self.size * 8, self.numbers.n.len())
    }

    /// The number whose power by e is `number` modulo n; `None` where no kernel finds it.
    #[inline(never)]
    fn root(&self, number: &Limbs) -> Option<Limbs> {
        let numbers = &self.numbers;
        let factor = self.blinding.next(number, &numbers.n);
        let root = match &self.kernel {
            Kernel::Fused(halves, _) => halves.root(numbers, number, &factor),
            Kernel::Plain(halves) => halves.root(numbers, number, &factor),
        };
        // What went wrong may go right with the other kernel, made anew; nothing leaves that was not checked.
        root.or_else(|| Halves::<PLAIN_TILE, Plain>::new(numbers)?.root(numbers, number, &factor))
    }
}

/// The arithmetic modulo p and modulo q, of a private key.
pub(super) struct Halves<const T: usize, L: Lanes<T>> {
    moduli: Moduli<T, L>,
    /// 1/q modulo p, in the lane of p.
    pub(super) q_inverse: Residue,
}

impl<const T: usize, L: Lanes<T>> Halves<T, L> {
    /// `None` where the inverse of q is none.
    pub(super) fn new(numbers: &Numbers) -> Option<Self> {
        let Numbers { p, q, q_inverse, .. } = numbers;
        let moduli = Moduli::new([p, q], numbers.least_bits, numbers.half_bits);
        let q_inverse = moduli.enter([q_inverse, q_inverse]);
        let [product, _] = moduli.leave(&moduli.product(&moduli.enter([q, q]), &q_inverse));
        let is_one = product[0] == 1 && product[1..].iter().all(|limb| *limb == 0);
        is_one.then_some(Self { moduli, q_inverse })
    }

    /// The number whose power by e is `number`, which is below n; `None` where what was found is not it.
    #[inline(never)]
    fn root(&self, numbers: &Numbers, number: &Limbs, factor: &Factor) -> Option<Limbs> {
        self.root_of_parts(numbers, number, &self.moduli.reduce(number), factor)
    }

    /// The same, of a number that comes modulo p and modulo q as well.
    pub(super) fn root_of_parts(
        &self,
        numbers: &Numbers,
        number: &Limbs,
        [p, q]: &[Limbs; 2],
        factor: &Factor,
    ) -> Option<Limbs> {
        let moduli = &self.moduli;
        let enter = |[p, q]: [&Limbs; 2]| moduli.enter([p, q]);
        let blind = moduli.power_public(&enter([&factor.r, &factor.r]), numbers.e);
        let blinded = moduli.product(&enter([p, q]), &blind);
        let power = moduli.pow(&blinded, [&numbers.dp, &numbers.dq], numbers.half_bits);
        let [p_inverse, q_inverse] = moduli.reduce(&factor.inverse);
        let power = moduli.product(&power, &enter([&p_inverse, &q_inverse]));
        let root = self.recombine(numbers, &moduli.leave(&power));
        // With a root that is right modulo one prime only, anybody could factor n. So it is raised to e and compared with the whole
        // number, not with its parts, in which something may have gone wrong as well.
        let [p_root, q_root] = moduli.reduce(&root);
        let opened = moduli.leave(&moduli.power_public(&enter([&p_root, &q_root]), numbers.e));
        are_equal(&self.recombine(numbers, &opened), number).then_some(root)
    }

    /// The number that is `m1` modulo p and `m2` modulo q (Garner): m2 + q·((m1 - m2)/q mod p).
    fn recombine(&self, numbers: &Numbers, [m1, m2]: &[Limbs; 2]) -> Limbs {
        let Numbers { p, q, .. } = numbers;
        // m2 < q < 4p, so adding 4p keeps the difference above zero.
        let difference = limbs::difference_plus_4(m1, m2, p);
        let quotient = self
            .moduli
            .product(&self.moduli.enter([&difference, m2]), &self.q_inverse);
        let [quotient, _] = self.moduli.leave(&quotient);
        let mut number = limbs::product(&quotient, q);
        limbs::add(&mut number, m2);
        number
    }
}

/// Whether numbers are equal. Takes the same steps whatever they are.
fn are_equal(one: &Limbs, other: &Limbs) -> bool {
    let pairs = one.iter().zip(other.iter());
    one.len() == other.len() && pairs.fold(0, |difference, (one, other)| difference | one ^ other) == 0
}
