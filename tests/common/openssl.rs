//! The `openssl` command line, which shares no code with this crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Output};

/// A temporary folder.
pub struct Workshop(PathBuf);

impl Workshop {
    pub fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    /// Runs openssl in this folder and returns its output. `arguments` are separated by spaces.
    pub fn openssl(&self, arguments: &str) -> Vec<u8> {
        let output = self.run(arguments);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {complaint}");
        output.stdout
    }

    /// Runs openssl, which may fail; returns whether it succeeded, and its error messages.
    pub fn outcome(&self, arguments: &str) -> (bool, String) {
        let output = self.run(arguments);
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    }

    fn run(&self, arguments: &str) -> Output {
        let mut command = Command::new("openssl");
        command.args(arguments.split_whitespace()).current_dir(&self.0);
        command.output().expect("openssl must be installed")
    }

    /// The output of openssl as text.
    pub fn print(&self, arguments: &str) -> String {
        String::from_utf8(self.openssl(arguments)).expect("text")
    }

    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        fs::write(self.0.join(file), content).expect("writable");
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).expect("readable")
    }

    /// Generates an RSA key in `key.pem`.
    pub fn make_rsa_key(&self, bits: u32) {
        self.openssl(&format!(
            "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:{bits} -out key.pem"
        ));
    }

    /// The signature of `key.pem` over `message`.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.write("message", message);
        self.openssl("dgst -sha256 -sign key.pem message")
    }

    /// A certificate of `key.pem`, with openssl's text before it. Times are `YYYYMMDDHHMMSSZ`.
    pub fn certify(&self, serial: &str, not_before: &str, not_after: &str) -> String {
        const SETTINGS: &str = "[ca]\ndefault_ca=own\n[own]\ndatabase=index\nserial=serial\nnew_certs_dir=.\n\
                                default_md=sha256\nunique_subject=no\npolicy=any\n[any]\ncommonName=supplied\n";
        self.write("settings", SETTINGS);
        self.write("index", "");
        self.write("serial", format!("{serial}\n"));
        self.openssl("req -new -key key.pem -subj /CN=platform -out request.pem");
        self.print(&format!(
            "ca -batch -config settings -selfsign -keyfile key.pem -in request.pem -startdate {not_before} -enddate {not_after}"
        ))
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
