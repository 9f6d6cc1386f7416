CREATE TABLE IF NOT EXISTS wechatpay_presign_notifications (key TEXT PRIMARY KEY, owner TEXT, expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS wechatpay_presign_notifications_expiry ON wechatpay_presign_notifications (expires_at);
CREATE TABLE IF NOT EXISTS wechatpay_presign_certificates (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_at INTEGER NOT NULL);
