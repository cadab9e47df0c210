-- What ends is looked for from the oldest on.
CREATE INDEX alerts_by_age ON alerts (created_at, id);
CREATE INDEX deliveries_by_age ON deliveries (created_at) WHERE state <> 'pending';

-- Sent again while an attempt was under way: that attempt is another one, so behind it the schedule begins anew.
ALTER TABLE deliveries ADD COLUMN resend_wanted boolean NOT NULL DEFAULT false;

-- Until an address is confirmed by whoever reads its mail, no alert goes to it. What is here already has been in use.
ALTER TABLE webhook_endpoints
  ADD COLUMN confirmed_at timestamptz(3) DEFAULT now(),
  ADD COLUMN confirmation_tries int NOT NULL DEFAULT 0;
