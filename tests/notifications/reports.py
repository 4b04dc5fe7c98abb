"""Delivery reports as the mail servers of the world shape them, about messages of an invented company."""

DIGEST = "0123456789abcdef0123456789abcdef01234567"
WRITTEN_TO = "lotte@firm.example"
BACK_TO = "bounce+1f-000000000000@baken.example"

POSTFIX = """\
Return-Path: <>
Delivered-To: {back_to}
Date: Mon,  1 Mar 2027 09:00:02 +0100 (CET)
From: MAILER-DAEMON@mx.firm.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {back_to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4F1C2.1772352002/mx.firm.example"
Message-Id: <20270301080002.9A@mx.firm.example>

This is a MIME-encapsulated message.

--4F1C2.1772352002/mx.firm.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.firm.example.

I'm sorry to have to inform you that your message could not be delivered.

<{recipient}>: host imap.firm.example[192.0.2.7] said: 550 {status} <{recipient}>
    User unknown (in reply to RCPT TO command)

--4F1C2.1772352002/mx.firm.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.firm.example
X-Postfix-Queue-ID: 4F1C2
X-Postfix-Sender: rfc822; {back_to}
Arrival-Date: Mon,  1 Mar 2027 09:00:01 +0100 (CET)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; imap.firm.example
Diagnostic-Code: smtp; 550 {status} <{recipient}> User unknown

--4F1C2.1772352002/mx.firm.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <{back_to}>
From: Baken <baken@baken.example>
To: "Lotte Claes" <{recipient}>
Message-ID: <{digest}@baken.example>
Subject: Een vraag

--4F1C2.1772352002/mx.firm.example--
"""

EXCHANGE_NL = """\
From: <postmaster@firm.example>
To: <{back_to}>
Date: Mon, 1 Mar 2027 08:00:05 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="79b3a0c2-1b1e-4a9e-9e6b-0f8d7c6b5a43"
Content-Language: nl-BE
Message-ID: <79b3a0c2-1b1e@EX01.firm.example>
In-Reply-To: <{digest}@baken.example>
Subject: =?utf-8?Q?Niet_bestelbaar=3A_Een_vraag?=
Auto-Submitted: auto-replied
MIME-Version: 1.0

--79b3a0c2-1b1e-4a9e-9e6b-0f8d7c6b5a43
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="inner-1"

--inner-1
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

De bezorging aan de volgende geadresseerden of groepen is mislukt:
lotte@firm.example
Het e-mailadres dat u hebt ingevoerd, kan niet worden gevonden. Controleer h=
et e-mailadres en probeer het bericht opnieuw te verzenden.

--inner-1
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

<html><body><p>De bezorging is mislukt: lotte@firm.example</p></body></html>

--inner-1--

--79b3a0c2-1b1e-4a9e-9e6b-0f8d7c6b5a43
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.firm.example
Received-From-MTA: dns;relay.baken.example
Arrival-Date: Mon, 1 Mar 2027 08:00:03 +0000

Final-Recipient: rfc822;lotte@firm.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup

--79b3a0c2-1b1e-4a9e-9e6b-0f8d7c6b5a43
Content-Type: message/rfc822

From: Baken <baken@baken.example>
To: Lotte Claes <lotte@firm.example>
Message-ID: <{digest}@baken.example>
Subject: Een vraag
Content-Type: text/plain

Beste Lotte,

--79b3a0c2-1b1e-4a9e-9e6b-0f8d7c6b5a43--
"""

EXIM = """\
Return-path: <>
Envelope-to: {back_to}
Received: from Debian-exim by mail.firm.example with local (Exim 4.96)
X-Failed-Recipients: lotte@firm.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mail.firm.example>
To: {back_to}
References: <{digest}@baken.example>
Subject: Mail delivery failed: returning message to sender
Message-Id: <E1rabc-0001Xy-2Q@mail.firm.example>
Date: Mon, 01 Mar 2027 09:00:04 +0100

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  lotte@firm.example
    Unrouteable address

------ This is a copy of the message, including all the headers. ------

Return-path: <{back_to}>
From: Baken <baken@baken.example>
To: Lotte Claes <lotte@firm.example>
Message-ID: <{digest}@baken.example>
Subject: Een vraag

Beste Lotte,
"""

GMAIL_FR = """\
Delivered-To: {back_to}
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: {back_to}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: <{digest}@baken.example>
In-Reply-To: <{digest}@baken.example>
X-Failed-Recipients: lotte@firm.example
Message-ID: <65e1a7b2.170a0220.1@mx.google.com>
Date: Mon, 01 Mar 2027 00:00:06 -0800 (PST)
MIME-Version: 1.0
Content-Type: multipart/report; boundary="000000000000aa"; report-type=delivery-status

--000000000000aa
Content-Type: multipart/related; boundary="000000000000bb"

--000000000000bb
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: base64

QWRyZXNzZSBpbnRyb3V2YWJsZS4gVm90cmUgbWVzc2FnZSBuJ2EgcGFzIMOpdMOpIGRpc3RyaWJ1w6ku

--000000000000bb--
--000000000000aa
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Received-From-MTA: dns; baken.example
Arrival-Date: Mon, 01 Mar 2027 00:00:05 -0800 (PST)
X-Original-Message-ID: <{digest}@baken.example>

Final-Recipient: rfc822; lotte@firm.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.com. (192.0.2.26, the server for the domain firm.example.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
Last-Attempt-Date: Mon, 01 Mar 2027 00:00:06 -0800 (PST)

--000000000000aa
Content-Type: message/rfc822

Return-Path: <{back_to}>
From: Baken <baken@baken.example>
To: Lotte Claes <lotte@firm.example>
Message-ID: <{digest}@baken.example>
Subject: Une question

Bonjour Lotte,

--000000000000aa--
"""

SENDMAIL = """\
Return-Path: <MAILER-DAEMON@mx.firm.example>
Received: from localhost (localhost) by mx.firm.example (8.17.1/8.17.1) id 62180Aaa000123
Date: Mon, 1 Mar 2027 09:00:07 +0100
From: Mail Delivery Subsystem <MAILER-DAEMON@mx.firm.example>
Message-Id: <202703010800.62180Aaa000123@mx.firm.example>
To: <{back_to}>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="62180Aaa000123.1772352007/mx.firm.example"
Subject: Returned mail: see transcript for details
Auto-Submitted: auto-generated (failure)

This is a MIME-encapsulated message

--62180Aaa000123.1772352007/mx.firm.example

The original message was received at Mon, 1 Mar 2027 09:00:06 +0100

   ----- The following addresses had permanent fatal errors -----
<lotte@firm.example>
    (reason: 550 5.1.1 <lotte@firm.example>... User unknown)

--62180Aaa000123.1772352007/mx.firm.example
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.firm.example
Received-From-MTA: DNS; relay.baken.example
Arrival-Date: Mon, 1 Mar 2027 09:00:06 +0100

Final-Recipient: RFC822; lotte@firm.example
Action: failed
Status: 5.1.1
Diagnostic-Code: SMTP; 550 5.1.1 <lotte@firm.example>... User unknown
Last-Attempt-Date: Mon, 1 Mar 2027 09:00:07 +0100

--62180Aaa000123.1772352007/mx.firm.example
Content-Type: text/rfc822-headers

Return-Path: <{back_to}>
From: Baken <baken@baken.example>
To: Lotte Claes <lotte@firm.example>
Message-ID: <{digest}@baken.example>
Subject: Een vraag

--62180Aaa000123.1772352007/mx.firm.example--
"""

QMAIL = """\
Return-Path: <>
From: MAILER-DAEMON@mx.firm.example
To: {back_to}
Subject: failure notice
Message-ID: <20270301080008.4711.qmail@mx.firm.example>
Date: 1 Mar 2027 08:00:08 -0000

Hi. This is the qmail-send program at mx.firm.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<lotte@firm.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

From: Baken <baken@baken.example>
To: Lotte Claes <lotte@firm.example>
Message-ID: <{digest}@baken.example>

Beste Lotte,
"""

OUT_OF_OFFICE = """\
Return-Path: <>
From: Lotte Claes <lotte@firm.example>
To: {back_to}
Subject: Automatisch antwoord: Een vraag
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: All
In-Reply-To: <{digest}@baken.example>
References: <{digest}@baken.example>
Message-ID: <ooo-1@firm.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Ik ben afwezig tot 8 maart. Uw bericht kon niet worden afgeleverd aan mijn vervanger.
Delivery to lotte@firm.example failed 5.1.1, haha.
"""

REPLY = """\
From: Lotte Claes <lotte@firm.example>
To: Baken <baken@baken.example>
Subject: Re: Een vraag
In-Reply-To: <{digest}@baken.example>
Message-ID: <reply-1@firm.example>

Ik vul het morgen in.
"""

RECEIPT = """\
From: Lotte Claes <lotte@firm.example>
To: {back_to}
Subject: Gelezen: Een vraag
Message-ID: <read-1@firm.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="rr"

--rr
Content-Type: text/plain

Gelezen.
--rr
Content-Type: message/disposition-notification

Final-Recipient: rfc822; lotte@firm.example
Original-Message-ID: <{digest}@baken.example>
Disposition: manual-action/MDN-sent-manually; displayed
--rr--
"""


def report(shape: str, **given: str) -> bytes:
    """A report, filled in; lines end as they do on the wire."""
    values = {"digest": DIGEST, "recipient": WRITTEN_TO, "back_to": BACK_TO, "action": "failed", "status": "5.1.1"}
    return shape.format(**(values | given)).replace("\n", "\r\n").encode()


def to_many(*said: tuple[str, str, str]) -> bytes:
    """A report of Postfix about several recipients: address, action, status of each."""
    first = POSTFIX.partition("Final-Recipient:")[0]
    last = POSTFIX[POSTFIX.index("--4F1C2.1772352002/mx.firm.example\nContent-Description: Undelivered") :]
    blocks = "".join(f"Final-Recipient: rfc822; {a}\nAction: {act}\nStatus: {st}\n\n" for a, act, st in said)
    return report(f"{first}{blocks}{last}")
