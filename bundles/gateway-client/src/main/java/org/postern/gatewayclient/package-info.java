/**
 * The DCC User Gateway over mutual TLS: three services that we call ({@link org.postern.gatewayclient.DccGateway}) and
 * one that we host, whose documents are passed to a {@link org.postern.gatewayclient.CallbackHandler}.
 */
@Export
@Version("0.1.0")
package org.postern.gatewayclient;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
