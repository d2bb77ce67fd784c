package org.postern.simulator.devices.internal.messages;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.postern.gbcs.Bytes;
import org.postern.gbcs.GroupingHeader;
import org.postern.gbcs.Payload;
import org.postern.simulator.devices.CollectionSize;
import org.postern.simulator.devices.internal.prepayment.TopUps;
import org.postern.simulator.devices.internal.schedule.SplitCommand;
import org.postern.simulator.devices.internal.state.DeviceState;

/**
 * Commands of one protocol: how a meter accepts, delays, refuses and answers them.
 *
 * @param <P> payload of its commands
 */
interface CommandFamily<P extends Payload> {

    /** The answer of a device that could not carry out the command. */
    Payload failure(P request);

    /** The digits of the top-up token that the command brings. */
    Optional<String> token(P request);

    /** The answer to a token that is not accepted. */
    Payload refusal(P request, TopUps.Verdict verdict);

    /**
     * Splits a command into what the device does at once and what it does at a later time.
     *
     * @param apply carries out the later part at its time
     */
    SplitCommand<P> split(DeviceState meter, GroupingHeader header, P request, Consumer<P> apply);

    /**
     * Carries out the command, and answers it.
     *
     * @param encrypt makes a protected part of a plain text
     */
    Payload answer(DeviceState meter, int messageCode, P request, UnaryOperator<Bytes> encrypt);

    /** How full the collections of each device are. */
    Stream<CollectionSize> sizes();

    /** Adds a token that was keyed in to the balance. */
    void keyedIn(DeviceState meter, String digits);
}
