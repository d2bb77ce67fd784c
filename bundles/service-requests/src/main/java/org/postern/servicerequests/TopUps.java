package org.postern.servicerequests;

/**
 * Prepayment top-ups (GBCS, Unique Transaction Reference Number; DUIS service 2.2). The token is given at once, whether
 * or not the DCC can be reached; the service request 2.2 that carries it to the meter goes out when it can, and the
 * customer may key the digits in meanwhile. Plain and blocking; safe for many threads at once.
 *
 * <p>In this order: checks; the meter's next prepayment counter on disk; the token, by the vault; its release in the
 * security log; the request 2.2 under that counter on disk; then the digits. What fails on the way spends a counter at
 * most, never a token. The accepted answer of either method carries the digits.
 *
 * <p>Refused with PST-2250 (amount), PST-2251 (the role has no prepayment key), PST-2252 (no certificate of the meter),
 * PST-2253 (not a meter of that role), besides what admission, vault and ledger refuse.
 */
public interface TopUps {

    /**
     * Service Reference Variant of a top-up: the one service whose RequestID counter is made by whoever made its token.
     */
    String SERVICE = "2.2";

    /** Makes a token for an order. */
    Admission topUp(TopUpOrder order);

    /** The same for a submission in the JSON form with a member {@code topUp}; any other submission is refused. */
    Admission topUp(Submission submission);
}
