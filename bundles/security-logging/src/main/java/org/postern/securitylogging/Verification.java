package org.postern.securitylogging;

import java.util.List;

/**
 * What the verifier found.
 *
 * @param records records whose link holds
 * @param segments files read
 * @param lastNumber number of the last record, 0 where there is none
 * @param lastHash its link; note it elsewhere, and give it to a later verification as the anchor
 * @param findings every break, in order; empty where the log is intact
 */
public record Verification(long records, int segments, long lastNumber, String lastHash, List<Finding> findings) {

    /**
     * One break.
     *
     * @param segment file name
     * @param line line in that file, from 1; 0 for the file as a whole
     * @param problem what is wrong
     */
    public record Finding(String segment, int line, String problem) {}

    public Verification {
        findings = List.copyOf(findings);
    }

    /** True where nothing was found. */
    public boolean intact() {
        return findings.isEmpty();
    }
}
