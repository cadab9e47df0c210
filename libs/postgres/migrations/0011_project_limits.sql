-- How much a project may have, by kind, where the owner of the installation has changed it; for the others the defaults of
-- the code hold. {"budgets": 500}
ALTER TABLE projects ADD COLUMN limits jsonb NOT NULL DEFAULT '{}';
