-- What comes after a month was billed goes onto corrections: invoices of their own, numbered from 1. 0 is the month's invoice.
ALTER TABLE invoices ADD COLUMN correction int NOT NULL DEFAULT 0 CHECK (correction >= 0);
ALTER TABLE invoices DROP CONSTRAINT invoices_project_customer_period_key;
-- one invoice and one correction of a number for a customer and period, whoever bills and however often
ALTER TABLE invoices ADD UNIQUE (project, customer, period, correction);

-- Ids made for an Idempotency-Key followed from the project alone, and follow from the sender now. A project that never had
-- more than one sender loses nothing by the former rule, and its requests that are under way are repeated as they began.
ALTER TABLE projects ADD COLUMN sole_sender text;
UPDATE projects SET sole_sender = known.sender
FROM (
  SELECT project, min(CASE WHEN application IS NULL THEN 'key ' || id ELSE 'application ' || application END) AS sender
  FROM api_keys
  GROUP BY project
  HAVING count(*) = 1
) AS known
WHERE known.project = projects.id;
