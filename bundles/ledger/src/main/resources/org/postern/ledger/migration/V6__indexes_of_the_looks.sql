-- What is looked for time and again is found without reading or sorting every open request: for each look of Queries one index,
-- which holds the rows that the look can want in the order in which it wants them. The states are those of the query, to the letter.
CREATE INDEX requests_steps ON requests (id, retry_at, lane)
  WHERE (state || '') IN ('ADMITTED','TRANSFORM_SENT','CORRELATED','COMMAND_SIGNED','SENT','IN_DOUBT');
CREATE INDEX requests_retries ON requests (retry_at, id)
  WHERE retry_at IS NOT NULL AND (state || '') IN ('ADMITTED','TRANSFORM_SENT','CORRELATED','COMMAND_SIGNED','SENT','IN_DOUBT');
CREATE INDEX requests_overdue ON requests (due_at)
  WHERE (state || '') IN ('ACKNOWLEDGED','ACCEPTED_BY_DEVICE','PARTIALLY_ACTIONED');
DROP INDEX requests_retry;
DROP INDEX requests_due;

-- The newest requests of an originator, whose EUI-64 is the first part of the RequestID.
CREATE INDEX requests_originator ON requests (substr(request_id, 1, 23), id);

-- A plan left beside SENT now says that the last sending has certainly not reached the DCC. Former versions left it there while they
-- sent again, so it says nothing of their requests, which are in doubt.
UPDATE requests SET retry_at = NULL WHERE state = 'SENT';
