package org.postern.servicerequests;

/**
 * Prepayment top-ups (GBCS, Unique Transaction Reference Number; DUIS service 2.2). The token is returned at once,
 * whether or not the DCC can be reached. The Service Request 2.2 that carries it to the meter is sent when that is
 * possible; in the meantime the customer can key in the digits. All methods are synchronous and safe for use by several
 * threads.
 *
 * <p>Order of steps: checks; the meter's next prepayment counter is stored; the vault makes the token; its release is
 * written to the security log; request 2.2 with that counter is stored; the digits are returned. A failure uses up at
 * most a counter, never a token. The accepted result of both methods contains the digits.
 *
 * <p>Refused with PST-2250 (amount), PST-2251 (the role has no prepayment key), PST-2252 (no certificate of the meter),
 * PST-2253 (not a meter of that role), in addition to the refusals of admission, vault and ledger.
 */
public interface TopUps {

    /**
     * Service Reference Variant of a top-up: the only service whose RequestID counter is chosen by the party that made
     * the token.
     */
    String SERVICE = "2.2";

    /** Makes a token for an order. */
    Admission topUp(TopUpOrder order);

    /** Makes a token for a submission in JSON form with a member {@code topUp}; any other submission is refused. */
    Admission topUp(Submission submission);
}
