-- The notifications whose work is done. A row stands for good; delete those older than a week if you like.
CREATE TABLE handled_notifications (
  id text PRIMARY KEY,
  handled_at timestamptz NOT NULL DEFAULT now()
);
