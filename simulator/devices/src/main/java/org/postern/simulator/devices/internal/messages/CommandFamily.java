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
 * Commands of one protocol as a meter takes, delays, refuses and answers them.
 *
 * @param <P> payload of its commands
 */
interface CommandFamily<P extends Payload> {

    /** What goes back where the device could not. */
    Payload failure(P request);

    /** The digits of the top-up token that the command brings. */
    Optional<String> token(P request);

    /** What goes back for a token that is not taken. */
    Payload refusal(P request, TopUps.Verdict verdict);

    /**
     * Takes a command apart into what the device does at once and what it does later.
     *
     * @param apply does things in the device when the time has come
     */
    SplitCommand<P> split(DeviceState meter, GroupingHeader header, P request, Consumer<P> apply);

    /**
     * Does what the command says, and answers it.
     *
     * @param encrypt makes a protected part of a plain text
     */
    Payload answer(DeviceState meter, int messageCode, P request, UnaryOperator<Bytes> encrypt);

    /** How full the collections of each device are. */
    Stream<CollectionSize> sizes();

    /** Puts a token that was keyed in on the balance. */
    void keyedIn(DeviceState meter, String digits);
}
