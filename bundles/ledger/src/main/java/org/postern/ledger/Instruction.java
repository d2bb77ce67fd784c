package org.postern.ledger;

import java.time.Instant;

/**
 * The outcome of one instruction of a future-dated command (DUIS, future dated services).
 *
 * @param number from 1
 * @param total how many instructions the command has according to this report
 * @param actioned true for alert 8F66, false for 8F67
 * @param subject what was to be carried out: object, or cluster and command, in short; empty if the alert does not
 *     state it
 * @param inbound id of the document that reported it
 * @param at when it was received
 * @param remark what is inconsistent in the report; empty if nothing
 */
public record Instruction(
        int number, int total, boolean actioned, String subject, String inbound, Instant at, String remark) {}
