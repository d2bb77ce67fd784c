-- When the database was put back from a copy: requests from before may have gone further than it tells.
CREATE TABLE restorations (at BIGINT NOT NULL);
