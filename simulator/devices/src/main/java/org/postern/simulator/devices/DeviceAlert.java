package org.postern.simulator.devices;

import org.postern.gbcs.GbcsMessage;

/**
 * An alert that a device raised.
 *
 * @param message complete, with MAC or signature
 * @param code alert code, 0 to FFFF
 */
public record DeviceAlert(GbcsMessage message, int code) {}
