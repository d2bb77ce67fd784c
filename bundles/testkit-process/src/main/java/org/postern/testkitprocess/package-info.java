/**
 * The distribution, the simulated DCC and a supplier's system as processes of their own, for tests and measurements;
 * never shipped.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("0.1.0")
package org.postern.testkitprocess;
