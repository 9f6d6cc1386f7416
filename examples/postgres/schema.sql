-- Notifications whose work is done. Rows are kept forever; you may delete those older than a week.
CREATE TABLE handled_notifications (
  id text PRIMARY KEY,
  handled_at timestamptz NOT NULL DEFAULT now()
);
