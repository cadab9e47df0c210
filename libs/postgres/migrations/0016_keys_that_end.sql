-- From then on no door takes the key; null: for ever.
ALTER TABLE api_keys ADD COLUMN expires_at timestamptz(3);
-- Written by the doors now and then, and no change that a door has to hear of: `changed_at` stays.
ALTER TABLE api_keys ADD COLUMN last_used_at timestamptz(3);
