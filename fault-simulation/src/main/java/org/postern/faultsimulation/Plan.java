package org.postern.faultsimulation;

/**
 * How often things go wrong, each a probability for one occasion.
 *
 * @param unreachable no connection to the DCC
 * @param serverErrors an HTTP status that is no answer, in half of the cases where the DCC may have taken it after it
 *     has
 * @param lostRequests what is sent does not arrive, without an error
 * @param lateRequests what is sent arrives once more later
 * @param lostAnswers the DCC has it, and its answer is lost
 * @param foreignAnswers the answer to an earlier request comes instead
 * @param garbledAnswers one bit of the answer is another
 * @param callbacks each of the DCC's faults with its callbacks and devices
 * @param lostReceipts the DCC's callback is taken, and the 204 is lost
 * @param lostOffers a queue loses work
 * @param failedDeliveries the broker does not take a delivery
 * @param lostAcknowledgements the broker takes a delivery, and its word is lost
 * @param lostConfirmations a supplier's system does not get the confirmation, and submits again
 * @param again a supplier's system hands in what was accepted once more
 * @param cancels an operator takes a request back
 */
record Plan(
        double unreachable,
        double serverErrors,
        double lostRequests,
        double lateRequests,
        double lostAnswers,
        double foreignAnswers,
        double garbledAnswers,
        double callbacks,
        double lostReceipts,
        double lostOffers,
        double failedDeliveries,
        double lostAcknowledgements,
        double lostConfirmations,
        double again,
        double cancels) {

    /** Nothing goes wrong. */
    static final Plan NONE = new Plan(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** By the seed: calm, usual or rough, and each kind more or less. */
    static Plan of(SeededChoices choices) {
        double rough = new double[] {0.2, 1, 1, 2}[choices.below(4)];
        return new Plan(
                some(choices, 0.03 * rough),
                some(choices, 0.04 * rough),
                some(choices, 0.03 * rough),
                some(choices, 0.03 * rough),
                some(choices, 0.04 * rough),
                some(choices, 0.02 * rough),
                some(choices, 0.02 * rough),
                some(choices, 0.03 * rough),
                some(choices, 0.04 * rough),
                some(choices, 0.01 * rough),
                some(choices, 0.04 * rough),
                some(choices, 0.04 * rough),
                some(choices, 0.04 * rough),
                some(choices, 0.04 * rough),
                some(choices, 0.06 * rough));
    }

    private static double some(SeededChoices choices, double usual) {
        return choices.chance(0.25) ? 0 : usual * 2 * choices.random().nextDouble();
    }
}
